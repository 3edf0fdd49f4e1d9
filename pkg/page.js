// @ts-check
/** Whether the page is being left: what breaks off with it says nothing of a server. */

import { abortable } from './sleep.js';

/** Firefox breaks requests off before it says that the page is left. */
const SOON_MS = 100;

let isLeft = false;
let isWatched = false;

/** Takes notice from now on. */
export function watch() {
  if (isWatched || !globalThis.document) return;
  isWatched = true;
  globalThis.addEventListener('pagehide', () => (isLeft = true));
  globalThis.addEventListener('pageshow', () => (isLeft = false));
}

/**
 * Is it, or will it be in a moment?
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<boolean>} rejects with the signal's reason only
 */
export async function isLeaving(signal) {
  if (isWatched && !isLeft) {
    await abortable(signal, (resolve) => {
      const timer = setTimeout(resolve, SOON_MS);
      globalThis.addEventListener('pagehide', resolve);
      return () => {
        clearTimeout(timer);
        globalThis.removeEventListener('pagehide', resolve);
      };
    });
  }
  return isLeft;
}
