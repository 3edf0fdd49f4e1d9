// @ts-check
/** A `fetch` that sends again what is worth sending again. */

import { Call, made, maker } from './call.js';
import { resolved } from './classify.js';
import { ask, ifPossible, prepare, ready } from './instance.js';
import { CALL_OPTIONS, OPTIONS, check } from './options.js';
import { watch } from './page.js';
import { Policy } from './policy.js';

/**
 * @param {import('./index.js').Options} [options]
 * @returns {import('./index.js').Fetch}
 */
export function createFetch(options = {}) {
  check(options, OPTIONS);
  watch();
  prepare();
  // Where the core has to be loaded first, its first answer checks them.
  if (options.dialects !== undefined && !ready()) ifPossible(() => ask({ ask: 'check', dialects: options.dialects }));
  const dialects = resolved(options.dialects);
  const policy = ifPossible(() => asPolicy(options.policy)) ?? new Policy();
  return (input, given) => {
    const init = /** @type {RequestInit | undefined} */ (given);
    const fetch = options.fetch ?? globalThis.fetch;
    if (!init || init.reprieve === undefined) return new Call(fetch, dialects, policy, options, input, init).run();
    const { reprieve, ...rest } = init;
    if (reprieve === false) return once(fetch, input, rest);
    return new Promise((resolve) => {
      check(reprieve, CALL_OPTIONS);
      const own = ifPossible(() => asPolicy(reprieve.policy, policy)) ?? policy;
      resolve(new Call(fetch, dialects, own, { ...options, ...reprieve }, input, rest).run());
    });
  };
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {RequestInfo | URL} input
 * @param {RequestInit} init
 */
async function once(fetch, input, init) {
  const make = maker(init);
  return fetch(input, make ? made(init, await make()) : init);
}

/**
 * @param {unknown} given
 * @param {Policy} [shared] whose memory the limits for one call use
 */
function asPolicy(given, shared) {
  if (given instanceof Policy) return given;
  const limits = /** @type {import('./index.js').PolicyOptions | undefined} */ (given);
  if (!shared) return new Policy(limits);
  return limits === undefined ? shared : shared.with(limits);
}
