// @ts-check
import { Policy, createFetch } from 'reprieve';

/** @param {import('../index.js').Options} [options] */
export const reprieve = ({ policy, ...options } = {}) => {
  const shared = policy instanceof Policy ? policy : new Policy(/** @type {import('../index.js').PolicyOptions} */ (policy));
  return (/** @type {any} */ next) => createFetch({ ...options, policy: shared, fetch: next });
};
