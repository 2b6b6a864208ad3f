// Gives the text of options to the browser's own reader, then to its authenticator.
const [ceremony, text, patience, done] = arguments;
const { read, ask } = {
  create: {
    read: (json) => PublicKeyCredential.parseCreationOptionsFromJSON(json),
    ask: (options) => navigator.credentials.create(options),
  },
  get: {
    read: (json) => PublicKeyCredential.parseRequestOptionsFromJSON(json),
    ask: (options) => navigator.credentials.get(options),
  },
}[ceremony];
const refused = (at, e) => ({ refused: { at, name: e.name, message: e.message } });
const answer = async () => {
  let json, publicKey;
  try {
    json = JSON.parse(text);
  } catch (e) {
    return refused("json", e);
  }
  try {
    publicKey = read(json);
  } catch (e) {
    return refused("parse", e);
  }
  // For a person a browser brings the time limit into a range of its own; with a virtual authenticator it does not, and
  // a limit of 0 would end what it never ends for a person.
  publicKey.timeout = 60000;
  // Firefox on Linux has no authenticator in the machine, and refuses whatever wants one: that would hide all else of a text.
  const selection = publicKey.authenticatorSelection;
  if (selection?.authenticatorAttachment === "platform") {
    const hasOne = await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
    if (!hasOne) delete selection.authenticatorAttachment;
  }
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), patience);
  try {
    return { made: (await ask({ publicKey, signal: control.signal })).toJSON() };
  } catch (e) {
    return refused(ceremony, e);
  } finally {
    clearTimeout(timer);
  }
};
// Where the page is not secure the browser has no passkeys at all, which is no answer to the text.
window.PublicKeyCredential ? answer().then(done) : done(null);
