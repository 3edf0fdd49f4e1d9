// @ts-check
// The server of the demonstration: a part of the Service Worker that answers requests under ./api/ with what the page scripted.
// It may be stopped between two runs, so the page sends the script with each run.
{
  /** @typedef {import('./server.js').Script} Script */
  /** @typedef {import('./server.js').Step} Step */
  /** @typedef {import('./server.js').Sight} Sight */
  /** @typedef {{script: Script, port: MessagePort, firstAt: number | null, next: number, orders: Set<string>, sight: Sight}} Call */

  const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

  /** Calls kept at once; the oldest is forgotten first. */
  const MAX_CALLS = 50;
  /** From the request to the answer. */
  const LATENCY_MS = 240;
  /** From the first half of a body to its break. */
  const HALF_MS = 200;
  /** A browser that does not tell that the caller gave up would keep the request for ever. */
  const MAX_HANG_MS = 60_000;

  /** By the id in a request's `x-call`. @type {Map<string, Call>} */
  const calls = new Map();

  worker.addEventListener('install', () => void worker.skipWaiting());
  worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

  worker.addEventListener('message', (event) => {
    const { claim, call, script } = event.data;
    if (claim) event.waitUntil(worker.clients.claim());
    const [port] = event.ports;
    if (!call || !port) return;
    calls.set(call, { script, port, firstAt: null, next: 0, orders: new Set(), sight: { requests: 0, said: [], orders: 0 } });
    for (const oldest of calls.keys()) {
      if (calls.size <= MAX_CALLS) break;
      calls.delete(oldest);
    }
    port.postMessage(calls.get(call)?.sight);
  });

  worker.addEventListener('fetch', (event) => {
    const id = event.request.headers.get('x-call');
    const inside = event.request.url.startsWith(new URL('api/', worker.registration.scope).href);
    if (inside && id) event.respondWith(answer(event.request, calls.get(id)));
  });

  /**
   * @param {Request} request
   * @param {Call | undefined} call
   * @returns {Promise<Response>}
   */
  async function answer(request, call) {
    if (!call) return new Response('No script for this call.', { status: 410 });
    const step = nextStep(call);
    if (step.ending !== 'refused') receive(call, request, step);
    await new Promise((resolve) => setTimeout(resolve, LATENCY_MS));
    if (step.ending === 'refused') return Response.error();
    if (step.ending === 'hang') return hang(request.signal);
    call.sight.said.push(step.status);
    call.port.postMessage(call.sight);
    // An answer without CORS headers, as the page sees it.
    if (step.ending === 'hidden') return Response.error();
    return new Response(step.ending === 'cut' ? half(step.body) : step.body, { status: step.status, headers: step.headers });
  }

  /**
   * The first step as long as the fault lasts, else one after another; the last one repeats.
   *
   * @param {Call} call
   */
  function nextStep(call) {
    const { steps, faultMs } = call.script;
    const now = performance.now();
    call.firstAt ??= now;
    if (faultMs === null) {
      call.next += 1;
      return steps[Math.min(call.next, steps.length) - 1];
    }
    return now - call.firstAt < faultMs ? steps[0] : steps[steps.length - 1];
  }

  /**
   * The request is there, whatever becomes of its answer. A key that is known already books nothing.
   *
   * @param {Call} call
   * @param {Request} request
   * @param {Step} step
   */
  function receive(call, request, step) {
    call.sight.requests += 1;
    if (step.books && request.method === 'POST') call.orders.add(request.headers.get('idempotency-key') ?? crypto.randomUUID());
    call.sight.orders = call.orders.size;
    call.port.postMessage(call.sight);
  }

  /**
   * No answer until the caller gives up.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<Response>}
   */
  async function hang(signal) {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
      setTimeout(resolve, MAX_HANG_MS);
    });
    return Response.error();
  }

  /**
   * A body that breaks off halfway.
   *
   * @param {string} text
   */
  function half(text) {
    const bytes = new TextEncoder().encode(text);
    return new ReadableStream({
      async start(controller) {
        controller.enqueue(bytes.slice(0, bytes.length / 2));
        await new Promise((resolve) => setTimeout(resolve, HALF_MS));
        controller.error(new TypeError('The connection broke.'));
      },
    });
  }
}
