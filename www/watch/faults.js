// @ts-check
// The server of the demonstration: a Service Worker that answers requests under ./api/ with what the page scripted.
// A classic worker, because not every browser runs modules here.

/** @typedef {import('./server.js').Step} Step */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Calls kept at once; the oldest is forgotten first. */
const MAX_CALLS = 50;

/** What is still to be answered, by the id in a request's `x-call`. @type {Map<string, Step[]>} */
const calls = new Map();

worker.addEventListener('install', () => void worker.skipWaiting());
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('message', (event) => {
  const { claim, call, steps } = event.data;
  if (claim) event.waitUntil(worker.clients.claim());
  if (call) {
    calls.set(call, steps);
    for (const oldest of calls.keys()) {
      if (calls.size <= MAX_CALLS) break;
      calls.delete(oldest);
    }
  }
  if (call) event.ports[0]?.postMessage('done');
});

worker.addEventListener('fetch', (event) => {
  const call = event.request.headers.get('x-call');
  const inside = event.request.url.startsWith(new URL('api/', worker.registration.scope).href);
  if (inside && call) event.respondWith(answer(call));
});

/**
 * The next step of a call's script; the last one repeats.
 *
 * @param {string} call
 * @returns {Promise<Response>}
 */
async function answer(call) {
  const steps = calls.get(call) ?? [];
  const step = steps.length > 1 ? steps.shift() : steps[0];
  if (!step) return new Response('No script for this call.', { status: 410 });
  await new Promise((resolve) => setTimeout(resolve, step.latencyMs ?? 240));
  if (step.status === null) return Response.error();
  return new Response(step.body ?? '', { status: step.status, headers: step.headers ?? {} });
}
