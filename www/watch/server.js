// @ts-check
import { within } from '../service.js';

/**
 * One answer of the demonstration's server.
 *
 * @typedef {object} Step
 * @property {number | null} status `null`: the connection breaks.
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 * @property {number} [latencyMs]
 */

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
