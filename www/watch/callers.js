// @ts-check
// Two callers as they are often written, and shown on the page as they stand here.

/**
 * Sends up to four times, at once, whatever failed.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {URL} url
 * @param {RequestInit & {signal: AbortSignal}} init
 * @returns {Promise<string>}
 */
export async function naive(fetch, url, init) {
  for (let sends = 1; ; sends += 1) {
    try {
      const response = await fetch(url, init);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return await response.text();
    } catch (error) {
      if (sends === 4 || init.signal.aborted) throw error;
    }
  }
}

/**
 * TanStack Query's defaults for a query: `retry: 3`, `retryDelay: (n) => Math.min(1000 * 2 ** n, 30_000)`.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {URL} url
 * @param {RequestInit & {signal: AbortSignal}} init
 * @param {(ms: number, signal: AbortSignal) => Promise<void>} sleep Rejects when the signal aborts.
 * @returns {Promise<string>}
 */
export async function typical(fetch, url, init, sleep) {
  for (let failures = 0; ; failures += 1) {
    try {
      const response = await fetch(url, init);
      if (!response.ok) throw new Error(`status ${response.status}`);
      return await response.text();
    } catch (error) {
      if (failures === 3 || init.signal.aborted) throw error;
      await sleep(Math.min(1000 * 2 ** failures, 30_000), init.signal);
    }
  }
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>} Rejects when the signal aborts; no timer is left then.
 */
export function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
