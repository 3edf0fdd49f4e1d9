// @ts-check
/** What is known of the Responses and errors that came out of our fetch. */

/** @type {WeakMap<object, import('./index.js').Explanation>} */
export const explanations = new WeakMap();

/** @param {unknown} x */
export function explain(x) {
  return explanations.get(/** @type {object} */ (x)) ?? null;
}

/** @param {unknown} x */
export function failureOf(x) {
  return explain(x)?.failure ?? null;
}

/**
 * False for all that our own policy has sent again or would not: whoever asks has one owner of retries.
 * @param {unknown} x
 */
export function shouldRetry(x) {
  const { failure, attempts, reason, maybeApplied } = explain(x) ?? {};
  return Boolean(failure?.transient && attempts?.length === 1 && reason === 'attempts_exhausted' && !maybeApplied && failure.advice.maxAttempts !== 1);
}
