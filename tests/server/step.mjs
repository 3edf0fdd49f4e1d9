// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What happens to one request. Everything is optional; an empty step is an empty 200.
 *
 * @typedef {object} Step
 * @property {number} [status] default 200
 * @property {import('node:http').OutgoingHttpHeaders} [headers]
 * @property {string | Uint8Array | (string | Uint8Array | number)[]} [body] in a list, a number is a pause in milliseconds
 * @property {number} [size] streams this many bytes of filler after the body, 16 KiB per millisecond
 * @property {number} [delayMs] before the headers
 * @property {'reset' | 'silence' | 'stall' | 'truncate' | 'cut' | 'break'} [fault] `reset`: RST instead of headers; `silence`: nothing, ever;
 *   `stall`: headers and body, then nothing; `truncate`: announces 1000 bytes more than it sends, then cuts the connection;
 *   `cut`: the same in a chunked body, whose last chunk never comes; `break`: the same with RST
 * @property {boolean} [cors] `false`: this step alone lacks the CORS headers
 */

const FILLER = Buffer.alloc(16 * 1024, 'x');

/**
 * @param {Step} step
 * @param {import('node:http').ServerResponse} response
 * @param {{taken: number}} arrival
 */
export async function play(step, response, arrival) {
  const { status = 200, headers = {}, delayMs = 0, fault, size = 0 } = step;
  if (delayMs) await sleep(delayMs);
  if (fault === 'silence' || response.destroyed) return;
  if (fault === 'reset') return void response.socket?.resetAndDestroy();

  const parts = [step.body ?? []].flat();
  if (step.cors === false) for (const name of response.getHeaderNames()) if (name.startsWith('access-control-')) response.removeHeader(name);
  const length = parts.reduce((/** @type {number} */ sum, part) => sum + (typeof part === 'number' ? 0 : Buffer.byteLength(part)), 0);
  const announced = fault === 'truncate' || fault === 'break' ? length + 1000 : length + size;
  response.writeHead(status, fault === 'stall' || fault === 'cut' || !mayHaveBody(status) ? headers : { 'content-length': announced, ...headers });
  response.flushHeaders();

  for (const part of parts) {
    if (typeof part === 'number') await sleep(part);
    else await send(response, part, arrival);
  }
  for (let sent = 0; sent < size && !response.destroyed; sent += FILLER.length) {
    await send(response, FILLER.subarray(0, size - sent), arrival);
    await sleep(1);
  }
  if (fault === 'break') response.socket?.resetAndDestroy();
  else if (fault === 'truncate' || fault === 'cut') response.socket?.destroy();
  else if (fault !== 'stall') response.end();
}

/** @param {number} status */
const mayHaveBody = (status) => status >= 200 && status !== 204 && status !== 304;

/**
 * @param {import('node:http').ServerResponse} response
 * @param {string | Uint8Array} chunk
 * @param {{taken: number}} arrival
 */
function send(response, chunk, arrival) {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve(undefined);
    const gone = () => resolve(undefined);
    response.once('close', gone);
    response.write(chunk, (error) => {
      response.off('close', gone);
      if (!error) arrival.taken += chunk.length;
      resolve(undefined);
    });
  });
}
