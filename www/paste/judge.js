// @ts-check
import { classify, Policy } from '../built/reprieve.js';

/** @typedef {import('../built/reprieve.js').Failure} Failure */
/** @typedef {import('../built/reprieve.js').PolicyOptions} PolicyOptions */
/** @typedef {import('../built/reprieve.js').Preset} Preset */

/**
 * A failed response, and the request behind it.
 *
 * @typedef {object} Given
 * @property {number} status
 * @property {[string, string][]} headers
 * @property {string} body
 * @property {string} url
 * @property {string} method
 * @property {boolean} keyed
 * @property {number} attempt
 */

/**
 * What a policy that has spent nothing yet decides; the wait is drawn between `least` and `most`.
 *
 * @typedef {object} Verdict
 * @property {boolean} retry
 * @property {import('../built/reprieve.js').Reason | null} reason `null`: send it again.
 * @property {number | null} least
 * @property {number | null} most
 * @property {number | null} retryAt
 * @property {boolean} maybeApplied
 * @property {import('../built/reprieve.js').Basis} basis
 */

/** Both `null` where nothing failed. @typedef {{failure: Failure | null, decision: Verdict | null}} Judgement */

/**
 * @param {{policy: Preset | PolicyOptions, dialects: import('../built/reprieve.js').Dialect[], nowMs: number}} by
 * @returns {(given: Given) => Judgement}
 */
export const judgeBy =
  ({ policy, dialects, nowMs }) =>
  ({ status, headers, body, url, method, keyed, attempt }) => {
    const failure = classify({ status, headers, body, url }, { dialects, nowMs });
    if (!failure) return { failure, decision: null };
    const path = URL.canParse(url) ? new URL(url).pathname : '';
    const draw = (/** @type {number} */ random) => new Policy(policy).decide(failure, { method, keyed, attempt, path, nowMs, random });
    const soonest = draw(0);
    const latest = draw(1 - Number.EPSILON);
    // At the end of its time a call may go on or not, by chance: then it does not.
    const { retry, reason, retryAt, maybeApplied, basis } = soonest.retry ? latest : soonest;
    return { failure, decision: { retry, reason, retryAt, maybeApplied, basis, least: soonest.delayMs, most: latest.delayMs } };
  };
