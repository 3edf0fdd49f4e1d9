// @ts-check
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../www/', import.meta.url));

/** Not the root, so that an address beginning with `/` on the page fails. */
const PREFIX = '/some/folder/';

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml' };

/**
 * Serves www/ as a static host does, below a sub-path.
 *
 * @typedef {object} Site
 * @property {string} url
 * @property {string[]} served The files that were asked for; the empty name is the folder.
 * @property {string[]} missing What was asked for in vain.
 * @property {(name: string, text: string) => void} replace A new version of a file.
 * @property {() => Promise<void>} close
 *
 * @returns {Promise<Site>}
 */
export async function serveSite() {
  /** @type {string[]} */
  const missing = [];
  /** @type {string[]} */
  const served = [];
  /** @type {Map<string, string>} */
  const replaced = new Map();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const inside = pathname.startsWith(PREFIX) ? normalize(decodeURIComponent(pathname.slice(PREFIX.length)) || 'index.html') : '..';
    const path = join(ROOT, inside);
    const file = inside.startsWith('..') ? null : await stat(path).catch(() => null);
    if (!file?.isFile()) {
      missing.push(pathname);
      response.writeHead(404).end();
      return;
    }
    served.push(pathname.slice(PREFIX.length));
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'cache-control': 'no-cache' });
    const text = replaced.get(inside);
    if (text === undefined) createReadStream(path).pipe(response);
    else response.end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${PREFIX}`,
    served,
    missing,
    replace: (name, text) => void replaced.set(name, text),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        // A second time is no mistake.
        server.close(() => resolve());
      }),
  };
}
