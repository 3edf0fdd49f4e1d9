// @ts-check
import { within } from '../service.js';

/**
 * One answer of the demonstration's server. `refused`: the request does not arrive; `hang`: no answer; `hidden`: an answer that the page may not see;
 * `cut`: the body breaks off halfway.
 *
 * @typedef {object} Step
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} body
 * @property {'refused' | 'hang' | 'hidden' | 'cut'} [ending]
 * @property {boolean} [books] A POST that gets this answer has booked its order.
 */

/**
 * What becomes of the requests of one call.
 *
 * @typedef {object} Script
 * @property {Step[]} steps
 * @property {number | null} faultMs For so long after the first request each gets the first step, later ones the last; `null`: they get one after another.
 */

/** What the server saw of a call. @typedef {{requests: number, said: number[], orders: number}} Sight */

/** A worker without work is stopped after half a minute, in some browsers. */
const TOUCH_MS = 10_000;

/**
 * Hands the worker the answers for one call.
 *
 * @param {Script} script
 * @param {(sight: Sight) => void} onSight
 * @returns {Promise<string>} The call's id, which its requests carry as `x-call`.
 */
export async function hand(script, onSight) {
  const { controller } = navigator.serviceWorker;
  if (!controller) throw new Error('The Service Worker no longer answers for this page. Reload it.');
  const call = crypto.randomUUID();
  const { port1, port2 } = new MessageChannel();
  const known = new Promise((resolve) => {
    port1.onmessage = ({ data }) => {
      resolve(undefined);
      onSight(data);
    };
  });
  controller.postMessage({ call, script }, [port2]);
  await within(known);
  return call;
}

/**
 * Keeps the worker from being stopped while calls wait.
 *
 * @returns {() => void} Ends that.
 */
export function keepAwake() {
  const timer = setInterval(() => navigator.serviceWorker.controller?.postMessage({ awake: true }), TOUCH_MS);
  return () => clearInterval(timer);
}
