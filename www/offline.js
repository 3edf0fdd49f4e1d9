// @ts-check
// The page without a network: a part of the Service Worker. Fresh files first; the kept ones where they cannot be had.
{
  const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
  const { scope } = worker.registration;
  const CACHE = `reprieve ${new URL(scope).pathname}`;
  /** A network that takes longer is as good as none. */
  const PATIENCE_MS = 3000;
  /** How many files are fetched at once in the background. */
  const LANES = 4;

  /** @typedef {{version: string, files: string[]}} Version */

  worker.addEventListener('message', (event) => {
    if (!event.data.keep) return;
    const port = event.ports[0];
    event.waitUntil(
      keepAll().then(
        () => port?.postMessage('kept'),
        () => port?.postMessage('failed'),
      ),
    );
  });
  worker.addEventListener('fetch', (event) => {
    const { method, url, mode, headers } = event.request;
    // A stream of events, of a server for those who work on the page, never ends.
    if (method !== 'GET' || !url.startsWith(scope) || headers.get('accept') === 'text/event-stream') return;
    const fetched = fetch(event.request);
    const name = mode === 'navigate' ? scope : url;
    event.respondWith(fresh(fetched, name));
    event.waitUntil(fetched.then((response) => renew(name, response.clone()), () => {}));
  });

  /**
   * @param {string} name
   * @param {Response} response
   */
  async function renew(name, response) {
    if (response.status === 200 && response.type === 'basic') await (await caches.open(CACHE)).put(name, response);
  }

  /**
   * @param {Promise<Response>} fetched
   * @param {string} name under which it is kept
   * @returns {Promise<Response>}
   */
  async function fresh(fetched, name) {
    const cache = await caches.open(CACHE);
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    const first = await Promise.race([fetched.catch(() => null), late]);
    if (first instanceof Response) return first;
    return (await cache.match(name)) ?? fetched;
  }

  /** Once for each version of the page. */
  async function keepAll() {
    const cache = await caches.open(CACHE);
    const mark = new URL('kept-version', scope).href;
    const kept = await (await cache.match(mark))?.text();
    const { version, files } = await read().catch((error) => {
      // Offline with everything there is nothing to do.
      if (kept) return { version: kept, files: [] };
      throw error;
    });
    if (kept === version) return;
    const left = files.slice();
    const lane = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) await cache.add(new Request(new URL(name, scope), { cache: 'no-cache' }));
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await cache.put(mark, new Response(version));
  }

  /** @returns {Promise<Version>} */
  async function read() {
    const response = await fetch(new URL('built/files.json', scope), { cache: 'no-cache' });
    if (!response.ok) throw new Error(`built/files.json: ${response.status}`);
    return response.json();
  }
}
