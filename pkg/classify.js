// @ts-check
/** What a response means, for people who have one. */

import { peek } from './body.js';
import { ask } from './instance.js';
import { OptionsError } from './errors.js';
import { absolute } from './url.js';

/**
 * Dialects as the core takes them: JSON, or empty.
 * @param {import('./index.js').Dialects | undefined} dialects
 */
export function dialectText(dialects) {
  if (dialects === undefined) return '';
  if (Array.isArray(dialects) || typeof dialects !== 'object' || !dialects) return JSON.stringify(dialects) ?? 'null';
  const pins = Object.entries(dialects).map(([prefix, dialect]) => {
    const url = absolute(prefix);
    if (url) return [url, dialect];
    throw new OptionsError(
      `/dialects/${prefix.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      'expected an absolute URL, or in a page one relative to it',
    );
  });
  return JSON.stringify(Object.fromEntries(pins));
}

/**
 * Pairs, as the core reads them.
 * @param {import('./index.js').ResponseLike['headers']} headers
 * @returns {Headers}
 */
function pairs(headers) {
  const listed = Symbol.iterator in Object(headers)
    ? [.../** @type {Iterable<readonly [string, unknown]>} */ (headers)]
    : Object.entries(headers ?? {});
  // A line break would end the value.
  const clean = listed
    .filter(([, value]) => value != null)
    .map(([name, value]) => [name, String(value).replace(/[\r\n]+/g, ' ')]);
  return /** @type {Headers} */ (/** @type {unknown} */ (clean));
}

/**
 * @param {import('./index.js').ResponseLike['body']} body
 * @returns {Uint8Array}
 */
function content(body) {
  if (body == null) return new Uint8Array();
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, Math.min(body.byteLength, 65536));
  if (body instanceof ArrayBuffer) return new Uint8Array(body, 0, Math.min(body.byteLength, 65536));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new TextEncoder().encode(String(text).slice(0, 65536));
}

/**
 * @param {import('./index.js').ResponseLike} response
 * @param {import('./index.js').ClassifyOptions} [options]
 * @returns {import('./index.js').Failure | null}
 */
export function classify({ status, headers, body, url = '' }, { dialects, nowMs = Date.now() } = {}) {
  return ask((core) =>
    core.classify(status, pairs(headers), absolute(url) || url, content(body), nowMs, dialectText(dialects)),
  );
}

/**
 * @param {Response} response
 * @param {import('./index.js').ClassifyOptions} [options]
 * @returns {Promise<import('./index.js').Failure | null>}
 */
export async function classifyResponse(response, options) {
  if (response.status < 400) return null;
  const { status, headers, url } = response;
  return classify({ status, headers, url, body: await peek(response) }, options);
}
