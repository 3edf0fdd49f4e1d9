// @ts-check
/** Waits that an abort ends at once, leaving no timer and no listener; limits on what takes time. */

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

/** The longest time that a timer can keep; a longer one fires at once. */
export const MOST_MS = 2 ** 31 - 1;

/** A wait that is later than this was held up: by a page that was hidden, or a machine that slept. */
export const LATE_MS = 1000;
/** Waits that were held up together end spread over this time. */
const SPREAD_MS = 2000;

/**
 * Ends at an absolute time, also in a page that was frozen meanwhile, and then not at the same moment as its other waits.
 * @param {number} ms
 * @param {AbortSignal | null} [signal]
 * @param {Set<() => void>} [waiters] takes what ends it before its time
 * @returns {Promise<void>}
 */
export function sleep(ms, signal, waiters) {
  return abortable(signal, (resolve) => {
    waiters?.add(resolve);
    const due = Date.now() + ms;
    const woken = ['online', 'visibilitychange'];
    const forget = () => woken.forEach((name) => globalThis.removeEventListener?.(name, recheck));
    const recheck = () => {
      if (Date.now() - due < LATE_MS) return false;
      forget();
      clearTimeout(timer);
      timer = setTimeout(resolve, Math.random() * SPREAD_MS);
      return true;
    };
    woken.forEach((name) => globalThis.addEventListener?.(name, recheck));
    // A timer may fire a fraction of a millisecond early.
    let timer = setTimeout(() => recheck() || resolve(), Math.min(ms + 1, MOST_MS));
    return () => {
      waiters?.delete(resolve);
      forget();
      clearTimeout(timer);
    };
  });
}

/** Unlinks what nobody reads any more. @type {FinalizationRegistry<() => void>} */
const unread = /* @__PURE__ */ new FinalizationRegistry((unlink) => unlink());

/** The limits of one send: the caller's signal, and a time. Without a time it costs nothing. */
export class Limit {
  /** The error that ended it, where the time was up. @type {DOMException | undefined} */
  timeout;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #unlink = () => {};
  /** @type {AbortController | undefined} */
  #own;

  /**
   * @param {AbortSignal | null | undefined} caller
   * @param {number} ms
   */
  constructor(caller, ms) {
    /** The signal to send with. */
    this.signal = caller;
    this.isOwn = ms < Infinity;
    if (!this.isOwn) return;
    const own = (this.#own = new AbortController());
    this.signal = own.signal;
    if (caller && 'any' in AbortSignal) this.signal = AbortSignal.any([caller, own.signal]);
    else if (caller) {
      const follow = () => own.abort(caller.reason);
      if (caller.aborted) follow();
      caller.addEventListener('abort', follow, { once: true });
      this.#unlink = () => caller.removeEventListener('abort', follow);
    }
    this.#timer = setTimeout(() => {
      this.timeout = new DOMException(`Not done within ${Math.round(ms)} ms`, 'TimeoutError');
      own.abort(this.timeout);
    }, Math.min(Math.max(ms, 0) + 1, MOST_MS));
  }

  /**
   * Settles like the promise, or rejects when a limit is reached.
   * @template T
   * @param {() => Promise<T>} begin
   * @returns {Promise<T>}
   */
  hold(begin) {
    return abortable(this.signal, (resolve, reject) => void new Promise((run) => run(begin())).then(resolve, reject));
  }

  /**
   * Time counts no more. What is left of the response still ends with the caller's signal, as with `fetch`.
   * @param {Response | null} [response]
   */
  end(response) {
    clearTimeout(this.#timer);
    if (response?.body) unread.register(response.body, this.#unlink);
    else this.#unlink();
  }

  /** Ends the send itself, where it has a signal of ours. */
  abort() {
    this.#own?.abort();
  }
}
