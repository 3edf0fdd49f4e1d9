// @ts-check
import { classify } from '../built/reprieve.js';
import { javascriptProgram } from './javascript.js';
import { rustProgram } from './rust.js';

/** As much of a body as the core reads. */
const MAX_BODY = 65_536;
/** More than any server sends. */
const MAX_HEAD = 32_768;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The same question in two languages, and the answer that both get.
 *
 * @param {import('../paste/desk.js').Input} input
 * @param {number} nowMs
 * @returns {{rust: string, javascript: string, result: string, failure: import('../built/reprieve.js').Failure | null} | string} A string: why there is none, for people.
 */
export function sameAnswer({ status, headers, body, url }, nowMs) {
  if (status === null) return 'There is no response above yet.';
  if (headers.reduce((sum, [name, value]) => sum + name.length + value.length, url.length) > MAX_HEAD) return 'The headers above are too long to be shown as a program.';
  // Without the character that the cut goes through, if it does.
  const bytes = encoder.encode(body);
  const cut = bytes.length > MAX_BODY ? decoder.decode(bytes.subarray(0, MAX_BODY)).replace(/\ufffd$/, '') : decoder.decode(bytes);
  const given = { status, headers: headers.map(([name, value]) => /** @type {[string, string]} */ ([wellFormed(name), wellFormed(value)])), body: cut, url: wellFormed(url) };
  const failure = classify(given, { nowMs });
  return { rust: rustProgram(given, nowMs), javascript: javascriptProgram(given, nowMs), result: JSON.stringify(failure, null, 2), failure };
}

/** Half of a surrogate pair cannot be sent, nor written in UTF-8. @param {string} text */
const wellFormed = (text) => decoder.decode(encoder.encode(text));
