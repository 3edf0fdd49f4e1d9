// @ts-check
/** For the adapters of libraries that retry by themselves, or send without `fetch`: what their errors mean, and whether to send again. */
import { Policy, classify, explain, failureOf, shouldRetry } from 'reprieve';

/** By error: a hook that is asked twice gives one answer, and a layer further out sees what was refused. */
const decided = new WeakMap();

/**
 * Nobody asks the policy before a send here, and nobody tells it of successes.
 * @param {import('./retry.js').RetryOptions} [options]
 */
export const decider = ({ policy, dialects } = {}) => {
  const make = () => new Policy({ gate: null, breaker: null, budget: { windowMs: 1e4 }, ...policy });
  // Checked at once; else the core is compiled at the first failure.
  /** @type {any} */
  let limits = policy && make();
  /**
   * @param {any} error
   * @param {number} attempt
   * @param {any} [seen] what the error shows; status 0: the connection was lost
   * @returns {{ retry: boolean, delayMs: number }}
   */
  return (error, attempt, seen) => {
    error = Object(error);
    let answer = decided.get(error);
    if (!answer || (answer.retry && answer.attempt < attempt)) {
      answer = { attempt, retry: false };
      try {
        const { config, request, cause, response } = error;
        const ours = [error, response, cause, request, error.error].find(explain);
        const { method = (config ?? request)?.method, status, headers, url, data = error.data, replayable, elapsedMs } = seen ?? response ?? error;
        const lost = !ours && status === 0;
        const failure = ours ? shouldRetry(ours) && failureOf(ours) : lost ? undefined : classify({ status, headers, url, body: data }, { dialects });
        if (lost || failure) {
          limits ??= make();
          // Without a failure it is what our fetch makes of a lost connection.
          Object.assign(answer, limits.judge({ failure, method, replayable, elapsedMs, attempt }, `${url}`.split('/', 3) + '').decision);
        }
      } catch {
        // The core does not run here: the library's own error is what counts.
      }
      decided.set(error, answer);
    }
    return answer;
  };
};
