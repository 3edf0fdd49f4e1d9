// @ts-check

/**
 * One answer of the demonstration's server.
 *
 * @typedef {object} Step
 * @property {number | null} status `null`: the connection breaks.
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 * @property {number} [latencyMs]
 */

/** How long to wait for the worker to take the page over. */
const PATIENCE_MS = 5000;

/** @returns {string} The worker's address, in the wrapping that the page's Trusted Types ask for. */
function workerUrl() {
  const url = new URL('./faults.js', import.meta.url).href;
  const { trustedTypes } = /** @type {{trustedTypes?: {createPolicy(name: string, rules: object): {createScriptURL(url: string): string}}}} */ (
    /** @type {unknown} */ (globalThis)
  );
  return trustedTypes ? trustedTypes.createPolicy('faults', { createScriptURL: (/** @type {string} */ text) => text }).createScriptURL(url) : url;
}

/**
 * Starts the Service Worker and waits until it answers for this page.
 *
 * @returns {Promise<void>}
 * @throws {Error} whose message is fit for the visitor.
 */
export async function start() {
  if (!('serviceWorker' in navigator)) {
    throw new Error('This browser offers no Service Worker at this address (they need https or localhost), so no failures can be made here.');
  }
  const controlled = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
  });
  try {
    await navigator.serviceWorker.register(workerUrl());
  } catch {
    throw new Error('The browser refused to start the Service Worker that makes the failures. Private windows and blocked site data cause this.');
  }
  if (navigator.serviceWorker.controller) return;
  const { active } = await within(navigator.serviceWorker.ready);
  // After a forced reload the worker runs, but the page is not its own: it has to ask.
  if (!navigator.serviceWorker.controller) active?.postMessage({ claim: true });
  await within(controlled);
}

/**
 * Hands the worker the answers for one call.
 *
 * @param {Step[]} steps
 * @returns {Promise<string>} The call's id, which its requests carry as `x-call`.
 */
export async function script(steps) {
  const { controller } = navigator.serviceWorker;
  if (!controller) throw new Error('The Service Worker no longer answers for this page. Reload it.');
  const call = crypto.randomUUID();
  const { port1, port2 } = new MessageChannel();
  const done = new Promise((resolve) => {
    port1.onmessage = resolve;
  });
  controller.postMessage({ call, steps }, [port2]);
  await within(done);
  port1.close();
  return call;
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function within(promise) {
  return Promise.race([
    promise,
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error('The Service Worker that makes the failures does not answer. Reload the page, without forcing.')), PATIENCE_MS);
    }),
  ]);
}
