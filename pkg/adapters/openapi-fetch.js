// @ts-check
import { Policy, createFetch, explain } from 'reprieve';

/**
 * The policy is not asked before the first send, nor told of its success.
 * @param {import('./openapi-fetch.js').Options} [options]
 */
export const reprieve = ({ policy, ...options } = {}) => {
  const make = () => new Policy({ gate: null, breaker: null, budget: { windowMs: 1e4 }, ...policy });
  // Checked at once; else the core is compiled at the first failure.
  let limits = policy && make();
  /** By call: what is sent again. @type {WeakMap<object, Request>} */
  const copies = new WeakMap();
  /**
   * A call of our fetch, of which the first send has been made.
   * @param {{ options: any, response?: Response, error?: unknown }} sent
   */
  const resume = ({ options: call, response, error }) => {
    if (response?.ok || explain(response ?? error)) return undefined;
    let made = false;
    return createFetch({
      ...options,
      policy: (limits ??= make()),
      fetch: async (...send) => {
        if (made) return call.fetch(...send);
        made = true;
        if (response) return response;
        throw error;
      },
    })(/** @type {Request} */ (copies.get(call)));
  };
  return {
    onRequest: (/** @type {{ request: Request, options: object }} */ { request, options: call }) => void copies.set(call, request.clone()),
    onResponse: resume,
    onError: resume,
  };
};
