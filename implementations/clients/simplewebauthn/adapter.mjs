// Runs page.mjs, bundled as page.js, in a headless Chromium: a new page for each question, at the origin that the question names.
// The clients amplify and simplewebauthn have this same file each, since a recipe stands alone.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const PAGE = readFileSync(new URL('page.js', import.meta.url), 'utf8');

const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));
if (!executablePath) {
  console.error('there is no Chromium: install it (Debian: apt-get install chromium), or put chromium or google-chrome on PATH');
  process.exit(1);
}

// Playwright speaks to Chromium through a pipe, so that Chromium ends whenever this process does. It runs it without a sandbox
// unless told otherwise, as root and containers need it.
const launch = () =>
  chromium.launch({
    executablePath,
    args: [
      // For an rp.id of another domain Chromium asks that domain (/.well-known/webauthn): nothing leaves this machine.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      // Chromium asks the user before a page of the web may call 127.0.0.1, which stands for the real service here. With the
      // permission granted it still refuses when it connects again after a reset, so the question is taken away.
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });

// Runs in the page before the client's script: what reaches the browser is kept, and handed on untouched.
function keepWhatCreateReceives() {
  // A page without TLS has no authenticators.
  if (!navigator.credentials) return;
  const create = navigator.credentials.create.bind(navigator.credentials);
  navigator.credentials.create = (options) => {
    globalThis.received = options?.publicKey;
    return create(options);
  };
}

// Runs in the page. The answer is handed over as text, so that Playwright does not touch the values.
async function ask(question) {
  const { client } = globalThis;
  const base64url = (bytes) =>
    btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const json = (_, value) => {
    if (value instanceof ArrayBuffer) return base64url(new Uint8Array(value));
    if (ArrayBuffer.isView(value)) return base64url(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    // An error as a console shows it: its stack, its own properties, and the errors that caused it.
    return value instanceof Error ? { stack: value.stack, ...value, cause: value.cause } : value;
  };
  let answer;
  try {
    const told = await client.call(question);
    answer = { outcome: 'success', ...told, options: globalThis.received };
  } catch (error) {
    const detail = JSON.stringify(error, json, 1) ?? String(error);
    const told = { code: error?.name, message: error?.message, ...client.explain(error) };
    answer = { ...told, detail: detail.slice(0, 20_000) };
  }
  try {
    return JSON.stringify(answer, json);
  } catch (error) {
    // Nested too deeply for JSON.stringify, and yet the client took them.
    return JSON.stringify({ ...answer, options: undefined, detail: `the options cannot be written as JSON: ${error}` });
  }
}

// Opens an empty page at the origin: no server, no certificate, no name to look up. Nothing is intercepted once it is there.
// Playwright's own routes would go on to take all requests, and to answer the CORS preflights of the endpoint themselves.
async function open(page, cdp, origin) {
  const responseHeaders = [{ name: 'content-type', value: 'text/html' }];
  const body = Buffer.from('<!doctype html><title>Passkeys</title><link rel="icon" href="data:,">').toString('base64');
  cdp.on('Fetch.requestPaused', ({ requestId }) =>
    cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders, body }),
  );
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: `${origin}/*` }] });
  await page.goto(`${origin}/`);
  await cdp.send('Fetch.disable');
}

async function answer(browser, question) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.on('console', (message) => console.error(message.text()));
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    // One authenticator of each attachment, with a user who agrees to everything.
    for (const transport of ['internal', 'usb']) {
      const options = { protocol: 'ctap2', transport, hasResidentKey: true, hasUserVerification: true };
      await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
      });
    }
    await page.addInitScript(keepWhatCreateReceives);
    await open(page, cdp, question.origin);
    await page.evaluate(PAGE);
    return JSON.parse(await page.evaluate(ask, question));
  } catch (error) {
    // The page crashed, or could not be had at all.
    return { outcome: 'failure', detail: `the browser: ${error.stack}`.slice(0, 20_000) };
  } finally {
    await context.close().catch((error) => console.error(String(error)));
  }
}

let browser = await launch();
for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  if (!browser.isConnected()) browser = await launch();
  process.stdout.write(`${JSON.stringify({ scenario: question.scenario, ...(await answer(browser, question)) })}\n`);
}
await browser.close();
