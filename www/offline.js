// @ts-check
// The page without a network: a part of the Service Worker. Fresh files first; the kept ones where they cannot be had.
{
  const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
  const { scope } = worker.registration;
  /** One cache for each version of the page, with its name behind this. */
  const CACHE = `reprieve ${new URL(scope).pathname} `;
  /** Stands in a cache that has everything. */
  const MARK = new URL('kept', scope).href;
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
    event.respondWith(fresh(event.request, mode === 'navigate' ? scope : url));
  });

  /**
   * @param {Request} request
   * @param {string} name under which its answer is kept
   * @returns {Promise<Response>}
   */
  async function fresh(request, name) {
    const fetched = fetch(request);
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    const first = await Promise.race([fetched.catch(() => null), late]);
    if (first instanceof Response) return first;
    return (await kept(name)) ?? fetched;
  }

  /** @param {string} name */
  async function kept(name) {
    for (const key of await versions()) {
      const cache = await caches.open(key);
      if (await cache.match(MARK)) return cache.match(name);
    }
    return undefined;
  }

  /** The caches of this page, and of no other of its origin. */
  const versions = async () => (await caches.keys()).filter((key) => key.startsWith(CACHE) && !key.slice(CACHE.length).includes(' '));

  /** Keeps all files of the version that the server has now, in place of those before. */
  async function keepAll() {
    const { version, files } = await read().catch(async (error) => {
      // Offline with everything there is nothing to do.
      if (await kept(scope)) return { version: null, files: [] };
      throw error;
    });
    if (version === null) return;
    const cache = await caches.open(CACHE + version);
    if (await cache.match(MARK)) return;
    const left = files.slice();
    const lane = async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) await cache.add(new Request(new URL(name, scope), { cache: 'no-cache' }));
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    await cache.put(MARK, new Response(version));
    for (const key of await versions()) if (key !== CACHE + version) await caches.delete(key);
  }

  /** @returns {Promise<Version>} */
  async function read() {
    const response = await fetch(new URL('built/files.json', scope), { cache: 'no-cache' });
    if (!response.ok) throw new Error(`built/files.json: ${response.status}`);
    return response.json();
  }
}
