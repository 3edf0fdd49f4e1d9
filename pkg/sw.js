// @ts-check
/** The requests of a page, answered in its Service Worker: one policy, one budget and one breaker for all tabs. */

import { remember } from './bounded.js';
import { OptionsError, Policy, createFetch, explain } from './index.js';

/** Who asks for the same again, this soon after it failed for good, has a loop of its own. */
const AGAIN_MS = 60_000;
const MOST = 256;

/** @typedef {Event & { request: Request, clientId: string, respondWith(response: Promise<Response>): void }} FetchEvent */

/**
 * What no policy concerns: pages, parts, streams of events, what is sent while a page is left, and what must come from the cache.
 * @param {Request} request
 */
function isPassed({ url, mode, cache, keepalive, headers }) {
  return (
    !/^https?:/.test(url) || mode === 'navigate' || cache === 'only-if-cached' || keepalive ||
    headers.has('range') || /\bevent-stream\b/.test(headers.get('accept') ?? '')
  );
}

/**
 * For a request of which nothing was sent: what the page would hear from a server that says so itself.
 * @param {import('./index.js').ApiError} error
 */
function refusal({ reason, retryAt, message }) {
  const seconds = Math.max(Math.ceil(((retryAt ?? 0) - Date.now()) / 1000), 1);
  return new Response(JSON.stringify({ title: `Not sent: ${reason}`, status: 503, detail: message }), {
    status: 503,
    headers: { 'content-type': 'application/problem+json', 'retry-after': String(seconds) },
  });
}

/** @param {import('./sw.js').ServeOptions} [options] */
export function serve({ when = ({ destination }) => !destination, ...options } = {}) {
  if (!('ServiceWorkerGlobalScope' in globalThis)) {
    throw new Error("reprieve: serve() works in a Service Worker only: call it in /sw.js, and navigator.serviceWorker.register('/sw.js', { type: 'module' }) in the page");
  }
  if (typeof when !== 'function') throw new /** @type {any} */ (OptionsError)('/when', 'expected a function');
  const fetch = createFetch({ ...options, throwOnFailure: false });
  const { policy } = options;
  const limits = policy instanceof Policy ? /** @type {any} */ (policy).options : policy;
  const once = { policy: { ...(typeof limits === 'string' ? { preset: limits } : limits), maxAttempts: 1 } };
  /** When a request of a page failed for good. @type {Map<string, number>} */
  const failed = new Map();

  /** @param {FetchEvent} event */
  const answer = async ({ request, clientId }) => {
    const key = `${clientId} ${request.method} ${request.url}`;
    const isAgain = Date.now() - (failed.get(key) ?? -Infinity) < AGAIN_MS;
    const outcome = await fetch(request, isAgain ? { reprieve: once } : undefined).catch((error) => error);
    const { failure, attempts } = explain(outcome) ?? {};
    if (failure?.transient) remember(failed, key, Date.now(), MOST);
    else failed.delete(key);
    if (attempts && !attempts.length && failure) return refusal(outcome);
    if (outcome instanceof Response) return outcome;
    throw outcome;
  };

  globalThis.addEventListener('fetch', (event) => {
    const { request } = /** @type {FetchEvent} */ (event);
    if (!isPassed(request) && when(request)) /** @type {FetchEvent} */ (event).respondWith(answer(/** @type {FetchEvent} */ (event)));
  });
}
