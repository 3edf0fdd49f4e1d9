// @ts-check
/** What lately worked and what did not, by endpoint: whether one endpoint is hit, or all traffic. */

import { remember } from './bounded.js';

const RECENT_MS = 60_000;
const MOST_ORIGINS = 64;
const MOST_PATHS = 32;

/** @type {Map<string, Map<string, { at: number, works: boolean }>>} */
const origins = new Map();

/**
 * @param {string} origin
 * @param {string} path
 * @param {boolean} works the server answered as it should; a 404 does, too
 */
export function note(origin, path, works) {
  const paths = origins.get(origin) ?? new Map();
  remember(paths, path, { at: Date.now(), works }, MOST_PATHS);
  remember(origins, origin, paths, MOST_ORIGINS);
}

/**
 * @param {string} origin
 * @param {string} path of the endpoint that failed
 * @returns {import('./index.js').Report['scope']}
 */
export function scope(origin, path) {
  const since = Date.now() - RECENT_MS;
  const others = [...(origins.get(origin) ?? [])].filter(([other, { at }]) => other !== path && at >= since);
  const failing = others.filter(([, { works }]) => !works).length;
  if (!others.length) return 'unknown';
  return failing ? (failing < others.length ? 'some_endpoints' : 'all_traffic') : 'one_endpoint';
}
