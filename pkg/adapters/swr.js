// @ts-check
import { decider } from './decide.js';

/** @param {import('./retry.js').RetryOptions} [options] */
export const reprieve = (options) => {
  const decide = decider(options);
  return {
    /**
     * @param {unknown} error
     * @param {string} _
     * @param {{ errorRetryCount?: number }} config
     * @param {(options: any) => unknown} revalidate
     * @param {{ retryCount: number }} again
     */
    onErrorRetry(error, _, { errorRetryCount = Infinity }, revalidate, again) {
      const { retry, delayMs } = decide(error, again.retryCount);
      if (retry && again.retryCount <= errorRetryCount) setTimeout(revalidate, delayMs, again);
    },
  };
};
