// @ts-check
/** What an environment needs to run the package: a folder with it, tools, a server that fails, browsers. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { delimiter, dirname, extname, join } from 'node:path';
import { startServer } from '../../server/index.mjs';
import { Processes } from './processes.mjs';
import { MATRIX, runtime, tools } from './tools.mjs';

export { PRINT, SHOW, TEST, cjs, esm } from './check.mjs';
export { NODE } from './tools.mjs';

/**
 * @typedef {import('./check.mjs').Facts} Facts
 * @typedef {'wasm' | 'plain' | 'init'} Core init: plain JavaScript, for which `classify` needs `init()`
 * @typedef {'chromium' | 'firefox'} Browser
 *
 * @typedef {object} Environment one file of tests/matrix
 * @property {string} name its row in the table
 * @property {import('./tools.mjs').Packages} [packages]
 * @property {string} [note] what its app needs besides
 * @property {boolean} [fast] part of `npm test`
 * @property {number} [timeoutMs]
 * @property {(kit: Kit) => Promise<void>} run
 *
 * @typedef {object} Shared what all environments use
 * @property {string} pack the unpacked tarball, as npm has installed it
 * @property {(name: Browser) => Promise<import('playwright-core').Browser>} browser
 */

const TYPES = /** @type {Record<string, string>} */ ({ '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' });

const SHORT = { chromium: 'Chromium', firefox: 'Firefox' };

export const STRICT = "script-src 'self'";

export class Kit {
  /** What ran, and with which core. @type {[way: string, core: Core][]} */
  ways = [];
  #shared;
  #processes = new Processes();
  /** @type {(() => Promise<unknown>)[]} */
  #closing = [];
  /** @type {Promise<import('../../server/index.mjs').Server> | undefined} */
  #server;

  /**
   * @param {string} folder the app
   * @param {string} installed the folder of its tools
   * @param {Shared} shared
   */
  constructor(folder, installed, shared) {
    this.folder = folder;
    this.installed = installed;
    this.#shared = shared;
  }

  /**
   * An app with the package and nothing else of its own; its tools are in the folder above.
   * @param {string} id
   * @param {Environment} environment
   * @param {Shared} shared
   */
  static async open(id, { packages }, shared) {
    const installed = packages ? await tools(packages) : MATRIX;
    const folder = join(installed, `app-${id}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, 'node_modules'), { recursive: true });
    await cp(shared.pack, join(folder, 'node_modules', 'reprieve'), { recursive: true });
    const kit = new Kit(folder, installed, shared);
    const { version } = JSON.parse(await readFile(join(shared.pack, 'package.json'), 'utf8'));
    await kit.write({ 'package.json': JSON.stringify({ name: `app-${id}`, private: true, type: 'module', dependencies: { reprieve: version } }) });
    return kit;
  }

  /** @param {Record<string, string>} files */
  async write(files) {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.folder, name)), { recursive: true });
      await writeFile(join(this.folder, name), text);
    }
  }

  /** The file of a tool. @param {string} path in node_modules */
  tool(path) {
    return join(this.installed, 'node_modules', path);
  }

  /** @param {20 | 22 | 24} [version] */
  node = (version = 24) => runtime(version);

  /** @param {Record<string, string>} env */
  async #options(env) {
    const path = `${dirname(await this.node())}${delimiter}${process.env.PATH}`;
    // Tools must not see that they run below npm or node:test.
    const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|FORCE_COLOR)/.test(name)));
    return { cwd: this.folder, env: { ...clean, PATH: path, CI: '1', NO_COLOR: '1', ...env } };
  }

  /**
   * Runs a program to its end, in the app's folder.
   * @param {string} program
   * @param {string[]} parameters
   * @param {Record<string, string>} [env]
   */
  async run(program, parameters, env = {}) {
    return this.#processes.run(program, parameters, await this.#options(env));
  }

  /**
   * Starts a server, and gives the first match in what it says.
   * @param {string} program
   * @param {string[]} parameters
   * @param {RegExp} pattern
   * @param {Record<string, string>} [env]
   */
  async start(program, parameters, pattern, env = {}) {
    return this.#processes.start(program, parameters, await this.#options(env), pattern);
  }

  /** A URL that answers 503, 503, 200. */
  async url() {
    const server = await (this.#server ??= startServer());
    return server.script([{ status: 503 }, { status: 503 }, { body: 'fine' }], { cors: {} });
  }

  /**
   * @param {string} way
   * @param {string} url
   * @param {Facts} facts
   * @param {Core} [core] that it should have had
   */
  async judge(way, url, facts, core = 'wasm') {
    const server = await /** @type {Promise<import('../../server/index.mjs').Server>} */ (this.#server);
    assert.deepEqual(
      { ...facts, arrived: server.requests(url).length },
      { kind: 'unavailable', retryAfterMs: 2000, core: core === 'wasm' ? 'wasm' : 'plain', isRefused: core === 'init', status: 200, text: 'fine', sends: 3, arrived: 3 },
      `${way} is not as it should be`,
    );
    this.ways.push([way, core]);
  }

  /**
   * A program that prints the facts on a line of their own.
   * @param {string} way
   * @param {string} program
   * @param {string[]} parameters the URL comes after them
   * @param {Core} [core]
   */
  async prints(way, program, parameters, core) {
    const url = await this.url();
    await this.judge(way, url, factsIn(await this.run(program, [...parameters, url])), core);
  }

  /**
   * A test runner whose test prints the facts; `MATRIX_URL` has the URL.
   * @param {string} way
   * @param {string[]} parameters of Node
   */
  async tests(way, parameters) {
    const url = await this.url();
    await this.judge(way, url, factsIn(await this.run(await this.node(), parameters, { MATRIX_URL: url })));
  }

  /**
   * The app's folder, or one in it, on 127.0.0.1.
   * @param {string} [inside]
   * @param {string} [policy] a Content-Security-Policy
   */
  async serve(inside = '.', policy) {
    const server = createServer(async (request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://app').pathname);
      const file = join(this.folder, inside, path.endsWith('/') ? `${path}index.html` : path);
      const bytes = await readFile(file).catch(() => null);
      if (!bytes) return void response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...(policy && { 'content-security-policy': policy }) }).end(bytes);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    this.#closing.push(() => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }));
    return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`;
  }

  /**
   * A page that leaves its outcome behind.
   * @param {string} way
   * @param {string} address
   * @param {{ browser?: Browser, core?: Core }} [options]
   */
  async page(way, address, { browser = 'chromium', core } = {}) {
    const url = await this.url();
    const context = await (await this.#shared.browser(browser)).newContext();
    this.#closing.push(() => context.close());
    const page = await context.newPage();
    /** @type {string[]} */
    const said = [];
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('console', (line) => said.push(line.text()));
    await page.goto(`${address}#${url}`);
    await page.waitForFunction(() => 'outcome' in globalThis, undefined, { timeout: 30_000 }).catch((error) => {
      throw new Error(`${way}: ${error.message.split('\n')[0]}\n${said.join('\n')}`);
    });
    const { facts, error } = await page.evaluate(() => /** @type {any} */ (globalThis).outcome);
    if (error) throw new Error(`${way}: ${error}\n${said.join('\n')}`);
    await this.judge(way, url, facts, core);
    await context.close();
  }

  /**
   * The same page in both browsers.
   * @param {string} address
   * @param {Core} [core]
   */
  async bothBrowsers(address, core) {
    for (const browser of /** @type {const} */ (['chromium', 'firefox'])) await this.page(SHORT[browser], address, { browser, core });
  }

  /**
   * What a bundler has made, in a page, and in one that forbids WebAssembly.
   * @param {string} script its file
   * @param {{ isClassic?: boolean, strict?: boolean }} [options]
   */
  async bundled(script, { isClassic = false, strict = true } = {}) {
    await this.write({ 'index.html': html(`<script ${isClassic ? '' : 'type="module" '}src="/${script}"></script>`) });
    await this.page('Chromium', await this.serve());
    if (strict) await this.page(`\`${STRICT}\``, await this.serve('.', STRICT), { core: 'init' });
  }

  async close() {
    await this.#processes.close();
    await Promise.allSettled(this.#closing.map((close) => close()));
    await (await this.#server)?.close();
  }
}

/** @param {string} body */
export const html = (body) => `<!doctype html>\n<meta charset="utf-8">\n<title>reprieve</title>\n<body>${body}</body>\n`;

/** @param {string} output */
export function factsIn(output) {
  const line = output.split('\n').find((line) => line.includes('"isRefused"'));
  if (!line) throw new Error(`it printed no facts:\n${output.trim()}`);
  return /** @type {Facts} */ (JSON.parse(line.slice(line.indexOf('{'), line.lastIndexOf('}') + 1)));
}
