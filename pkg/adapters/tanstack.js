// @ts-check
import { decider } from './decide.js';

/** @param {import('./retry.js').RetryOptions} [options] */
export const reprieve = (options) => {
  const decide = decider(options);
  return {
    retry: (/** @type {number} */ count, /** @type {unknown} */ error) => decide(error, count + 1).retry,
    // Asked first, and in vain where nothing is sent again.
    retryDelay: (/** @type {number} */ count, /** @type {unknown} */ error) => decide(error, count + 1).delayMs ?? 0,
  };
};
