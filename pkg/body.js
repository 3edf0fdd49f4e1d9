// @ts-check
/** The part of an error body that is worth reading, without taking it from the caller. */

import { abortable } from './sleep.js';
import { decode as utf8 } from './utf8.js';

/** How much of a body is read: 64 KiB. */
export const MOST_BYTES = 65536;
const MOST_MS = 1000;

/** What an error inside a success is written in. A stream of JSON may never end. */
const MAY_FAIL = /^(?!image\b|.*(stream|seq)).*\b(json|xml)\b/i;

/** undici before 7 (Node 20 and 22): once a copy is cancelled, an abort of the body becomes an unhandled rejection. */
const KEEPS_COPIES = parseInt(/** @type {any} */ (globalThis).process?.versions?.undici) < 7;

/** Copies that were not read to their end. @type {WeakMap<Response, ReadableStreamDefaultReader>} */
const copies = new WeakMap();

/**
 * Frees what a response holds that nobody will read.
 * @param {Response} response
 * @param {import('./sleep.js').Limit} limit
 */
export function discard(response, limit) {
  for (const held of [copies.get(response), response.body]) held?.cancel().catch(() => {});
  // Firefox goes on with a cancelled body until more of it comes, and the next request of the same URL waits for that.
  if (!KEEPS_COPIES) limit.abort();
}

/**
 * Waits until the body is there, so that nothing can break it any more; it stays readable.
 * @param {Response} response
 */
export async function arrival(response) {
  const reader = response.bodyUsed ? null : response.clone().body?.getReader();
  // What one copy has read, the other keeps.
  while (reader && !(await reader.read()).done);
}

/**
 * The same response with another body, for its own is gone.
 * @param {Response} response
 * @param {string} body
 */
export function restored(response, body) {
  return Object.defineProperty(new Response(body || null, response), 'url', { value: response.url });
}

/** @param {Response} response */
function isWorthReading({ ok, headers }) {
  return !ok || (MAY_FAIL.test(headers.get('content-type') ?? '') && !(Number(headers.get('content-length')) > MOST_BYTES));
}

/**
 * At most 64 KiB of a copy of the body, and what has arrived after a second. Of a success only JSON and XML that may fit. Never fails.
 * @param {Response} response
 * @param {AbortSignal | null} [signal]
 * @param {number} [ms]
 * @returns {Promise<string>} rejects with the signal's reason only
 */
export function peek(response, signal, ms = MOST_MS) {
  /** @type {ReadableStreamDefaultReader<Uint8Array> | undefined} */
  let reader;
  try {
    if (!response.bodyUsed && isWorthReading(response)) reader = response.clone().body?.getReader();
  } catch {
    // A body that cannot be copied is classified without it.
  }
  if (!reader) return Promise.resolve('');
  return abortable(signal, (resolve) => {
    /** @type {Uint8Array[]} */
    const chunks = [];
    let length = 0;
    const finish = () => resolve(decode(join(chunks, length)));
    const next = () => {
      reader.read().then(({ done, value }) => {
        if (value) length += chunks.push(value) && value.length;
        done || length >= MOST_BYTES ? finish() : next();
      }, finish);
    };
    const timer = setTimeout(finish, Math.min(ms, MOST_MS));
    next();
    return () => {
      clearTimeout(timer);
      if (!KEEPS_COPIES || !signal) reader.cancel().catch(() => {});
      else if (!signal.aborted) copies.set(response, reader);
    };
  });
}

/**
 * @param {Uint8Array[]} chunks
 * @param {number} length
 */
function join(chunks, length) {
  const all = new Uint8Array(Math.min(length, MOST_BYTES));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk.subarray(0, all.length - at), at);
    at += chunk.length;
  }
  return all;
}

/**
 * The text of at most 64 KiB; invalid UTF-8 becomes U+FFFD, as in the crate.
 * @param {Uint8Array} bytes
 */
export function decode(bytes) {
  // Without the mark at its begin.
  return utf8(bytes.subarray(0, MOST_BYTES)).replace(/^\ufeff/, '');
}
