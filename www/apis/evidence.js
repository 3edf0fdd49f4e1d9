// @ts-check
import { classify } from '../built/reprieve.js';

/** @typedef {import('../built/reprieve.js').Dialect} Dialect */
/** @typedef {{member: string, expected: unknown, got: unknown}} Difference */
/** @typedef {import('./examples.js').Written & {nowMs?: number, expect: {[member: string]: unknown} | null}} Evidence */

/**
 * A dialect's examples, read with it: each has to come out as it says, and to be read by this dialect.
 *
 * @param {Dialect} dialect One that loads.
 * @returns {{example: Evidence, differences: Difference[]}[]}
 */
export function judge(dialect) {
  const dialects = [withoutExamples(dialect)];
  const examples = /** @type {Evidence[]} */ (Array.isArray(dialect.examples) ? dialect.examples : []);
  return examples.filter(isExample).map((example) => {
    const { status, headers, host, body, nowMs = 0, expect } = example;
    const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const failure = classify({ status, headers, body: sent, url: host ? `https://${host}/` : '' }, { dialects, nowMs });
    return { example, differences: difference('', expect && { dialect: dialect.id, ...expect }, failure) };
  });
}

/**
 * What the core reads of a dialect, which it is given anew with each response.
 *
 * @param {Dialect} dialect
 * @returns {Dialect}
 */
export function withoutExamples({ examples, ...dialect }) {
  return dialect;
}

/** Whether it can be run at all; the schema says what is wrong with it. @param {unknown} value */
function isExample(value) {
  if (typeof value !== 'object' || value === null) return false;
  const { name, status, headers = {}, host = '', nowMs = 0, expect } = /** @type {Record<string, unknown>} */ (value);
  return (
    typeof name === 'string' &&
    Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 999 &&
    typeof headers === 'object' && headers !== null && Object.entries(headers).every(([key, text]) => typeof text === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(key)) &&
    typeof host === 'string' &&
    Number.isInteger(nowMs) && Number(nowMs) >= 0 &&
    typeof expect === 'object'
  );
}

/**
 * Where `got` lacks something of `expected`. A step may be given by its id alone.
 *
 * @param {string} member
 * @param {any} expected
 * @param {any} got
 * @returns {Difference[]}
 */
function difference(member, expected, got) {
  if (Array.isArray(expected)) {
    const found = member === 'advice.steps' && Array.isArray(got) ? got.map(({ id }) => id) : got;
    const isSame = Array.isArray(found) && found.length === expected.length && expected.every((item, index) => difference('', item, found[index]).length === 0);
    return isSame ? [] : [{ member, expected, got: found }];
  }
  if (expected !== null && typeof expected === 'object' && got !== null && typeof got === 'object') {
    return Object.keys(expected).flatMap((name) => difference(member ? `${member}.${name}` : name, expected[name], Object.hasOwn(got, name) ? got[name] : undefined));
  }
  return Object.is(expected, got) ? [] : [{ member, expected, got }];
}
