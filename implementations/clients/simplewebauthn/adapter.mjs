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
    // For an rp.id of another domain Chromium asks that domain (/.well-known/webauthn): nothing leaves this machine.
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
  });

// Runs in the page before the client's script: what reaches the browser is kept as JSON, and handed on untouched.
function keepWhatCreateReceives() {
  if (!globalThis.navigator.credentials) return;
  const create = navigator.credentials.create.bind(navigator.credentials);
  const base64url = (bytes) =>
    btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const json = (_, value) => {
    if (value instanceof ArrayBuffer) return base64url(new Uint8Array(value));
    if (ArrayBuffer.isView(value)) return base64url(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return value;
  };
  navigator.credentials.create = (options) => {
    globalThis.received = JSON.stringify(options?.publicKey, json);
    return create(options);
  };
}

// Runs in the page. The answer is handed over as text, so that Playwright does not touch the values.
async function ask(question) {
  const { client } = globalThis;
  // An error as a console shows it: its stack, its own properties, and the errors that caused it.
  const shown = (_, value) => (value instanceof Error ? { stack: value.stack, ...value, cause: value.cause } : value);
  try {
    const told = await client.call(question);
    return JSON.stringify({ outcome: 'success', ...told, options: globalThis.received && JSON.parse(globalThis.received) });
  } catch (error) {
    const detail = JSON.stringify(error, shown, 1) ?? String(error);
    const told = { code: error?.name, message: error?.message, ...client.explain(error) };
    return JSON.stringify({ ...told, detail: detail.slice(0, 20_000) });
  }
}

// Answers in the browser what must not leave it: the page itself, and what a client calls after the registration has started,
// CompleteWebAuthnRegistration. Playwright's own routes would answer the CORS preflights, too.
async function intercept(cdp, { endpoint, origin }) {
  cdp.on('Fetch.requestPaused', ({ requestId, request }) => {
    const target = request.headers['X-Amz-Target'] ?? request.headers['x-amz-target'];
    const type = request.url.startsWith(`${origin}/`) ? 'text/html' : 'application/x-amz-json-1.1';
    const answered =
      type === 'text/html' || (request.method === 'POST' && !target?.endsWith('.StartWebAuthnRegistration'));
    const responseHeaders = [
      { name: 'content-type', value: type },
      { name: 'access-control-allow-origin', value: '*' },
    ];
    const body = Buffer.from(type === 'text/html' ? '<!doctype html><title>Passkeys</title>' : '{}').toString('base64');
    const done = answered
      ? cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 200, responseHeaders, body })
      : cdp.send('Fetch.continueRequest', { requestId });
    // The page may be gone by then.
    done.catch((error) => console.error(String(error)));
  });
  await cdp.send('Fetch.enable', { patterns: [{ urlPattern: `${origin}/*` }, { urlPattern: `${endpoint}/*` }] });
}

async function answer(browser, question) {
  const context = await browser.newContext();
  try {
    // Chromium asks the user before a page of the web may call 127.0.0.1, which stands for the real service here.
    await context.grantPermissions(['local-network-access']);
    const page = await context.newPage();
    page.on('console', (message) => console.error(message.text()));
    const crashed = new Promise((_, reject) => page.on('crash', () => reject(new Error('the page crashed'))));
    const cdp = await context.newCDPSession(page);
    await intercept(cdp, question);
    await cdp.send('WebAuthn.enable');
    // One authenticator of each attachment, with a user who agrees to everything.
    for (const transport of ['internal', 'usb']) {
      const options = { protocol: 'ctap2', transport, hasResidentKey: true, hasUserVerification: true };
      await cdp.send('WebAuthn.addVirtualAuthenticator', {
        options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
      });
    }
    await page.addInitScript(keepWhatCreateReceives);
    await page.goto(`${question.origin}/`);
    await page.evaluate(PAGE);
    return JSON.parse(await Promise.race([page.evaluate(ask, question), crashed]));
  } catch (error) {
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
