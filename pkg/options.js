// @ts-check
/** What `createFetch` and a call of it may be given. */

import { OptionsError } from './errors.js';
import { MOST_MS } from './sleep.js';

/** @typedef {[(value: unknown) => boolean, string]} Fits */

/** @type {Fits} */
const FLAG = [(value) => typeof value === 'boolean', 'true or false'];
/** @type {Fits} */
const LIMIT = [
  (value) => value === null || (typeof value === 'number' && value >= 1 && value <= MOST_MS),
  `a number from 1 to ${MOST_MS}, or null`,
];

/** @type {Record<string, Fits>} */
export const CALL_OPTIONS = {
  policy: [() => true, ''],
  throwOnFailure: FLAG,
  inspectOk: FLAG,
  readBody: FLAG,
  diagnose: FLAG,
  attemptTimeoutMs: LIMIT,
  timeoutMs: LIMIT,
  events: [(value) => typeof value === 'function', 'a function'],
  idempotencyKey: [(value) => typeof value === 'boolean' || (typeof value === 'string' && value !== ''), 'true, false or a key'],
};

/** @type {typeof CALL_OPTIONS} */
export const OPTIONS = {
  ...CALL_OPTIONS,
  dialects: [() => true, ''],
  fetch: [(value) => typeof value === 'function', 'a function'],
};

/**
 * @param {unknown} options
 * @param {typeof CALL_OPTIONS} known
 */
export function check(options, known) {
  if (typeof options !== 'object' || !options) throw new OptionsError('', 'expected an object');
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) {
      throw new OptionsError(`/${name}`, `unknown option; expected one of ${Object.keys(known).join(', ')}`);
    }
    const [fits, expected] = known[name];
    if (value !== undefined && !fits(value)) throw new OptionsError(`/${name}`, `expected ${expected}`);
  }
}
