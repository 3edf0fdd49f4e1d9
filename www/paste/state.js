// @ts-check
import { Policy } from '../built/reprieve.js';

/**
 * What a link to a verdict holds: the boxes as they are filled in.
 *
 * @typedef {object} State
 * @property {'whole' | 'fields'} mode
 * @property {string} text
 * @property {string} status
 * @property {string} headers
 * @property {string} body
 * @property {string} url
 * @property {string} method
 * @property {boolean} keyed
 * @property {string} attempt
 * @property {string | null} api The dialect whose examples are offered beside it.
 * @property {import('../built/reprieve.js').Preset | import('../built/reprieve.js').PolicyOptions} policy
 */

const TEXTS = /** @type {const} */ (['text', 'status', 'headers', 'body', 'url', 'attempt']);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * @param {unknown} value From a link: anything.
 * @returns {State | null} `null`: not a state.
 */
export function readState(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const given = /** @type {Record<string, unknown>} */ (value);
  const { mode, method, keyed, policy, api } = given;
  if (mode !== 'whole' && mode !== 'fields') return null;
  if (!TEXTS.every((name) => typeof given[name] === 'string')) return null;
  const [text, status, headers, body, url, attempt] = TEXTS.map((name) => String(given[name]));
  return {
    mode,
    text,
    status,
    headers,
    body,
    url,
    attempt,
    method: METHODS.find((name) => name === method) ?? 'GET',
    keyed: keyed === true,
    api: typeof api === 'string' && /^[a-z0-9-]{1,40}$/.test(api) ? api : null,
    policy: readPolicy(policy),
  };
}

/**
 * @param {unknown} policy
 * @returns {State['policy']}
 */
function readPolicy(policy) {
  const isPlain = typeof policy === 'string' || (typeof policy === 'object' && policy !== null);
  return isPlain && loads(policy) ? /** @type {State['policy']} */ (policy) : 'default';
}

/** @param {object | string} policy */
function loads(policy) {
  try {
    new Policy(/** @type {State['policy']} */ (policy));
    return true;
  } catch {
    return false;
  }
}
