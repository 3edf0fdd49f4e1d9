// @ts-check
/** What lately worked and what did not, by endpoint: whether one endpoint is hit, or all traffic; and whose limit it counts against. */

import { remember } from './bounded.js';

const RECENT_MS = 60_000;
const MOST_ORIGINS = 64;
const MOST_PATHS = 32;

/** @type {Map<string, Map<string, { at: number, works: boolean, bucket?: string | null }>>} */
const origins = new Map();

/**
 * @param {string} origin
 * @param {string} path
 * @param {boolean} works the server answered as it should; a 404 does, too
 * @param {string | null} [limit] the name of the limit that it counts against, where the answer says it
 */
export function note(origin, path, works, limit = bucket(origin, path)) {
  const paths = origins.get(origin) ?? new Map();
  remember(paths, path, { at: Date.now(), works, bucket: limit }, MOST_PATHS);
  remember(origins, origin, paths, MOST_ORIGINS);
}

/**
 * The limit that an endpoint has named lately.
 * @param {string} origin
 * @param {string} path
 */
export function bucket(origin, path) {
  return origins.get(origin)?.get(path)?.bucket;
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
