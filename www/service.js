// @ts-check
import { workerUrl } from './workers.js';

/** How long to wait for the worker to take the page over. */
const PATIENCE_MS = 5000;

/**
 * Starts the Service Worker and waits until it answers for this page.
 *
 * @returns {Promise<void>}
 * @throws {Error} whose message is fit for the visitor.
 */
export async function startServiceWorker() {
  if (!('serviceWorker' in navigator)) {
    throw new Error('This browser offers no Service Worker at this address (they need https or localhost), so no failures can be made here.');
  }
  const controlled = new Promise((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
  });
  try {
    await navigator.serviceWorker.register(workerUrl('service-worker.js'));
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
 * Has all files kept for a visit without a network, those that are not needed yet as well.
 *
 * @returns {Promise<boolean>} Whether they are there now; `false` for a visitor who saves data.
 */
export async function keepForLater() {
  const { connection } = /** @type {{connection?: {saveData?: boolean}}} */ (navigator);
  if (connection?.saveData) return false;
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === 'kept');
  });
  active?.postMessage({ keep: true }, [port2]);
  return answer;
}

/**
 * The worker's answer, if it comes in time.
 *
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
export function within(promise) {
  return Promise.race([
    promise,
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error('The Service Worker that makes the failures does not answer. Reload the page, without forcing.')), PATIENCE_MS);
    }),
  ]);
}
