// @ts-check
/** Waits that an abort ends at once, leaving no timer and no listener. */

/**
 * Settles like `promise`, or rejects with the signal's reason, whichever comes first.
 * @template T
 * @param {AbortSignal | null | undefined} signal
 * @param {(resolve: (value: T) => void, reject: (reason: unknown) => void) => (() => void) | void} start returns what to undo
 * @returns {Promise<T>}
 */
export function abortable(signal, start) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    /** @type {(() => void) | void} */
    let undo;
    const end = () => {
      undo?.();
      signal?.removeEventListener('abort', abort);
    };
    const abort = () => {
      end();
      reject(/** @type {AbortSignal} */ (signal).reason);
    };
    signal?.addEventListener('abort', abort);
    undo = start(
      (value) => (end(), resolve(value)),
      (reason) => (end(), reject(reason)),
    );
  });
}

/**
 * @param {number} ms at most 2^31 - 1: a longer timer fires at once
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<void>}
 */
export function sleep(ms, signal) {
  return abortable(signal, (resolve) => {
    // A timer may fire a fraction of a millisecond early.
    const timer = setTimeout(resolve, Math.min(ms + 1, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  });
}
