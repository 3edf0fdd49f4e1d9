// @ts-check
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import * as chromium from '../chromium.mjs';
import * as firefox from '../firefox.mjs';

/** @type {Record<string, { launch: () => Promise<import('playwright-core').Browser> }>} */
const BROWSERS = { chromium, firefox };

/** The browser that REPRIEVE_BROWSER names. */
export function launch(name = process.env.REPRIEVE_BROWSER ?? 'chromium') {
  if (!Object.hasOwn(BROWSERS, name)) throw new Error(`REPRIEVE_BROWSER is ${name}; expected one of ${Object.keys(BROWSERS).join(', ')}`);
  return BROWSERS[name].launch();
}

const FILES = new Map([
  ['/index.js', '../../pkg/dist/index.js'],
  ['/plain.js', '../../pkg/dist/plain.js'],
  ['/js.js', '../../pkg/dist/js.js'],
  ['/slim.js', '../../pkg/dist/slim.js'],
  ['/reprieve.wasm', '../../pkg/dist/reprieve.wasm'],
  ['/vectors.mjs', '../vectors.mjs'],
  ['/engine.mjs', '../engine.mjs'],
]);

/**
 * Serves an empty page that can import the package and the vectors, without a bundler.
 *
 * @param {string} [policy] its Content-Security-Policy
 * @param {string} [entry] of the package
 */
export async function servePage(policy, entry = 'index.js') {
  /** @type {string[]} */
  const served = [];
  const server = createServer(async (request, response) => {
    served.push(request.url ?? '');
    const file = FILES.get(request.url ?? '');
    if (file) {
      // As a server that knows nothing of wasm.
      response.writeHead(200, { 'content-type': file.endsWith('.wasm') ? 'application/octet-stream' : 'text/javascript' }).end(await readFile(new URL(file, import.meta.url)));
    } else if (request.url === '/page.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(`import * as api from './${entry}';\nglobalThis.reprieve = api;\n`);
    } else if (request.url?.split('?')[0] === '/') {
      response.writeHead(200, { 'content-type': 'text/html', ...(policy && { 'content-security-policy': policy }) });
      response.end('<!doctype html><meta charset="utf-8"><title>reprieve</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>');
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    /** The paths that were asked for. */
    served,
    close: () => new Promise((resolve) => {
      server.close(() => resolve(undefined));
      server.closeAllConnections();
    }),
  };
}

/**
 * A tab whose page has loaded the package as `globalThis.reprieve`.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {import('playwright-core').BrowserContext} [known] the profile of another tab
 */
export async function open(browser, url, known) {
  const context = known ?? (await browser.newContext());
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => {
    // Firefox says so of each request that the tests let fail.
    if (!/^Cross-Origin Request Blocked\b/.test(String(error))) errors.push(String(error));
  });
  await page.goto(url);
  await page.waitForFunction(() => 'reprieve' in globalThis, undefined, { timeout: 10_000 });
  return { page, errors };
}
