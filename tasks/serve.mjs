// @ts-check
/** A static server for one folder, for this machine only. */
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';

/** @type {Record<string, string>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * The file behind a request, or `null`: nothing outside the folder, no hidden files.
 * @param {string} folder
 * @param {string} url
 */
async function find(folder, url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    if (/[\\\0]|\/\./.test(path)) return null;
    const root = await realpath(folder);
    let file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
    if (!file.startsWith(root + sep)) return null;
    const { isFile, size } = await stat(file).then((s) => ({ isFile: s.isFile(), size: s.size }));
    return isFile ? { file, size } : null;
  } catch {
    return null;
  }
}

/** For those who work on a page: it loads again when `changed` is called. */
const LIVE = { events: '/.live', script: '/.live.js' };
const LIVE_SCRIPT = `new EventSource('${LIVE.events}').addEventListener('message', () => location.reload());\n`;

/**
 * Serves `folder` on 127.0.0.1, on `port` or the next free one.
 * @param {string} folder
 * @param {number} port 0: any
 * @param {{ live?: boolean }} [options] live: pages get a script that loads them again after a change
 * @returns {Promise<{ address: string, changed: () => void, close: () => Promise<void> }>}
 */
export async function serve(folder, port, { live = false } = {}) {
  /** @type {Set<import('node:http').ServerResponse>} */
  const watching = new Set();
  const server = createServer(async (request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    if (live && request.url === LIVE.events) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      watching.add(response);
      response.on('close', () => watching.delete(response));
      return;
    }
    if (live && request.url === LIVE.script) {
      response.writeHead(200, { 'Content-Type': TYPES['.js'] }).end(LIVE_SCRIPT);
      return;
    }
    const found = await find(folder, request.url ?? '/');
    if (!found) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
      return;
    }
    if (live && extname(found.file) === '.html') {
      const page = (await readFile(found.file, 'utf8')).replace('</head>', `<script type="module" src="${LIVE.script}"></script>\n</head>`);
      response.writeHead(200, { 'Content-Type': TYPES['.html'] }).end(page);
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(found.file).toLowerCase()] ?? 'application/octet-stream',
      'Content-Length': found.size,
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(found.file).on('error', () => response.destroy()).pipe(response);
  });
  const used = await listen(server, port);
  return {
    address: `http://127.0.0.1:${used}/`,
    changed: () => {
      for (const response of watching) response.write('data: changed\n\n');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<number>}
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    /** @param {NodeJS.ErrnoException} error */
    const failed = (error) => {
      if (error.code === 'EADDRINUSE' && port !== 0 && port < 65535) resolve(listen(server, port + 1));
      else reject(error);
    };
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
