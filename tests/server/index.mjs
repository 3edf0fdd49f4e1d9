// @ts-check
/**
 * A server on 127.0.0.1 that fails as told: each URL plays its own script, one step per request; the last step repeats.
 */
import { createServer } from 'node:http';
import { isPreflight, permitOrigin, permitRequest } from './cors.mjs';
import { play } from './step.mjs';

/** @typedef {import('./step.mjs').Step} Step */
/** @typedef {import('./cors.mjs').Cors} Cors */

/**
 * One request as it arrived.
 *
 * @typedef {object} Arrival
 * @property {string} method
 * @property {string} url path and query
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {Buffer} bytes
 * @property {string} body the bytes as text
 * @property {number} time when it began, by `performance.now()`
 * @property {number} taken bytes of the body that the client's side has taken so far
 * @property {Promise<'complete' | 'broken'>} ended how the response ended
 */

/**
 * @typedef {object} Script
 * @property {Step[] | (() => Step)} steps
 * @property {Cors | null} cors
 * @property {Arrival[]} arrivals
 * @property {number} preflights
 */

/**
 * @typedef {object} Server
 * @property {string} origin
 * @property {(steps: Step[] | (() => Step), options?: {cors?: Cors}) => string} script gives the URL that plays it; a query or a longer path may be added to the URL
 * @property {(url: string) => Arrival[]} requests what has arrived at a script's URL, preflights left out
 * @property {(url: string) => number} preflights
 * @property {() => Promise<void>} close
 */

/** @returns {Promise<Server>} */
export async function startServer() {
  /** @type {Map<string, Script>} */
  const scripts = new Map();
  /** @param {string} url */
  const scriptOf = (url) => {
    const name = new URL(url, 'http://server').pathname.split('/')[1] ?? '';
    const script = scripts.get(name);
    if (!script) throw new Error(`no script for ${url}`);
    return script;
  };

  const server = createServer(async (request, response) => {
    const time = performance.now();
    response.on('error', () => {});
    request.on('error', () => {});
    const name = (request.url ?? '').split(/[/?]/)[1] ?? '';
    const script = scripts.get(name);
    if (!script) return void response.writeHead(404).end('no such script');
    if (script.cors) permitOrigin(response, script.cors);
    if (script.cors && isPreflight(request)) {
      script.preflights += 1;
      permitRequest(request, response);
      return void response.writeHead(204).end();
    }
    /** @type {Buffer[]} */
    const chunks = [];
    /** @type {Arrival} */
    const arrival = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      bytes: Buffer.alloc(0),
      body: '',
      time,
      taken: 0,
      ended: new Promise((resolve) => response.on('close', () => resolve(response.writableFinished ? 'complete' : 'broken'))),
    };
    const { steps } = script;
    const step = (typeof steps === 'function' ? steps() : steps[Math.min(script.arrivals.length, steps.length - 1)]) ?? {};
    script.arrivals.push(arrival);
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      // The client went away; what came is kept.
    }
    arrival.bytes = Buffer.concat(chunks);
    arrival.body = arrival.bytes.toString();
    await play(step, response, arrival);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = `http://127.0.0.1:${port}`;

  return {
    origin,
    script(steps, { cors } = {}) {
      const name = `s${scripts.size + 1}`;
      scripts.set(name, { steps, cors: cors ?? null, arrivals: [], preflights: 0 });
      return `${origin}/${name}`;
    },
    requests: (url) => scriptOf(url).arrivals,
    preflights: (url) => scriptOf(url).preflights,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
