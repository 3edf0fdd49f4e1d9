// @ts-check
import { createFetch } from 'reprieve';

/**
 * ky's own limit of 10 s for one send would end all of ours.
 * @param {import('../index.js').Options} [options]
 */
export const reprieve = (options) => ({ fetch: createFetch({ attemptTimeoutMs: 1e4, ...options }), retry: 0, timeout: /** @type {const} */ (false) });
