// @ts-check
import { createFetch } from 'reprieve';
import { decider } from './decide.js';

/** @param {import('../index.js').Options} [options] */
export const reprieve = (options) => ({ adapter: /** @type {const} */ ('fetch'), env: { fetch: createFetch(options) } });

/**
 * @param {any} instance
 * @param {import('./retry.js').RetryOptions} [options]
 * @returns {number}
 */
export const intercept = (instance, options) => {
  const decide = decider(options);
  return instance.interceptors.response.use(undefined, async (/** @type {any} */ error) => {
    const { config, response, code } = error;
    if (!config) throw error;
    const { data, method, signal, reprieve: [attempt, began] = [1, Date.now()] } = config;
    const { retry, delayMs } = decide(error, attempt, {
      // ERR_NETWORK in a browser; in Node ECONNRESET and others of the system.
      ...(response ?? { status: /^E([^R]|RR_NET)/.test(code) ? 0 : undefined }),
      url: instance.getUri(config),
      method,
      replayable: !(data?.pipe || data?.getReader),
      elapsedMs: Date.now() - began,
    });
    if (!retry) throw error;
    await new Promise((done) => {
      setTimeout(done, delayMs);
      signal?.addEventListener?.('abort', done);
    });
    return instance.request({ ...config, transformRequest: [], reprieve: [attempt + 1, began] });
  });
};
