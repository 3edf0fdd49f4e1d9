// @ts-check
import { decider } from './decide.js';

/** @param {import('./retry.js').RetryOptions} [options] */
export const reprieve = (options) => {
  const decide = decider(options);
  /** @typedef {[attempt: number, operation: { operationType?: string }, error: any]} Asked */
  const ask = (/** @type {Asked} */ ...[attempt, { operationType }, error]) => {
    // `fetch` rejects so where the connection is lost.
    const { status, headers, url } = error.response ?? { status: error.name === 'TypeError' ? 0 : undefined };
    // A query only reads, though it is a POST.
    return decide(error, attempt, { status, headers, url, data: error.bodyText, method: operationType === 'query' ? 'GET' : 'POST' });
  };
  return {
    attempts: (/** @type {Asked} */ ...asked) => ask(...asked).retry,
    delay: (/** @type {Asked} */ ...asked) => ask(...asked).delayMs,
  };
};
