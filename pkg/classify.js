// @ts-check
/** What a response means, for people who have one. */

import { MOST_BYTES, decode, peek } from './body.js';
import { OptionsError } from './errors.js';
import { ask, named, ready } from './instance.js';
import { absolute } from './url.js';
import { encode } from './utf8.js';

/**
 * Dialects as the core takes them: the URL prefixes absolute.
 * @param {import('./index.js').Dialects | undefined} dialects
 */
export function resolved(dialects) {
  if (typeof dialects !== 'object' || Array.isArray(dialects)) return dialects;
  const pins = Object.entries(dialects).map(([prefix, dialect]) => {
    const url = absolute(prefix);
    if (url) return [url, dialect];
    const place = prefix.replaceAll('~', '~0').replaceAll('/', '~1');
    throw new OptionsError(`/dialects/${place}`, 'expected an absolute URL, or in a page one relative to it');
  });
  return Object.fromEntries(pins);
}

/**
 * @param {import('./index.js').ResponseLike['headers']} headers
 * @returns {[string, string][]}
 */
function pairs(headers) {
  const listed = Symbol.iterator in Object(headers)
    ? [.../** @type {Iterable<readonly [string, unknown]>} */ (headers)]
    : Object.entries(headers ?? {});
  return listed
    .filter(([, value]) => value != null)
    // A line break would end the value.
    .map(([name, value]) => [name, String(value).replace(/[\r\n]+/g, ' ')]);
}

/** @param {import('./index.js').ResponseLike['body']} body */
function content(body) {
  if (body == null) return '';
  if (ArrayBuffer.isView(body)) return decode(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
  if (body instanceof ArrayBuffer) return decode(new Uint8Array(body));
  try {
    const text = typeof body === 'string' ? body : String(JSON.stringify(body));
    // Fewer characters cannot be more bytes.
    return text.length * 3 > MOST_BYTES ? decode(encode(text.slice(0, MOST_BYTES))) : text;
  } catch {
    // An object in a circle, or too deep: no server has sent it.
    return '';
  }
}

/**
 * @param {Omit<import('./index.js').ResponseLike, 'body'>} response
 * @param {string} body
 * @param {import('./index.js').ClassifyOptions} [options]
 * @returns {import('./index.js').Failure | null}
 */
function understand({ status, headers, url = '' }, body, { dialects, nowMs } = {}) {
  // The prefixes of a map are named as they were given, where they do not load. A list is checked with the question.
  if (dialects && !Array.isArray(dialects)) ask({ ask: 'check', dialects });
  const answer = ask({
    ask: 'failure',
    status,
    headers: pairs(headers),
    url: url && (absolute(url) || url),
    body,
    ...(dialects && { dialects: resolved(dialects) }),
    nowMs,
  });
  return answer && named(answer);
}

/**
 * @param {import('./index.js').ResponseLike} response
 * @param {import('./index.js').ClassifyOptions} [options]
 */
export function classify(response, options) {
  return understand(response, content(response.body), options);
}

/**
 * @param {Response} response
 * @param {import('./index.js').ClassifyOptions} [options]
 */
export async function classifyResponse(response, options) {
  if (response.status < 400 && !response.ok) return null;
  const body = await peek(response);
  await ready();
  return understand(response, body, options);
}
