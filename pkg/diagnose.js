// @ts-check
/** What is behind a network error, of which a page is told nothing. */

import { remember } from './bounded.js';

const RECENT_MS = 10_000;
const MOST_MS = 3000;
const MOST_ORIGINS = 64;

/** @typedef {import('./index.js').ApiError['diagnosis']} Diagnosis */

/** @type {Map<string, { at: number, found: Promise<Diagnosis> }>} */
const probes = new Map();

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url of the request that failed
 * @param {string} origin of that URL
 * @param {boolean} mayProbe is it a GET, or as harmless?
 * @returns {Diagnosis | Promise<Diagnosis>}
 */
export function diagnose(fetch, url, origin, mayProbe) {
  if (globalThis.navigator?.onLine === false) return 'offline';
  const page = globalThis.location?.origin;
  // Only another origin is hidden from a page, and only from a page.
  if (!page || page === origin) return 'unreachable';
  let known = probes.get(origin);
  if (!known || Date.now() - known.at >= RECENT_MS) {
    if (!mayProbe) return null;
    known = { at: Date.now(), found: probe(fetch, url) };
    remember(probes, origin, known, MOST_ORIGINS);
  }
  return known.found;
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @returns {Promise<Diagnosis>}
 */
async function probe(fetch, url) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), MOST_MS);
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: controller.signal });
    return 'blocked_by_cors';
  } catch {
    return 'unreachable';
  } finally {
    clearTimeout(timer);
    // Its body is of no use.
    controller.abort();
  }
}
