// @ts-check

/** @typedef {{createPolicy(name: string, rules: {createScriptURL(url: string): string}): {createScriptURL(url: string): string}}} Factory */

const { trustedTypes } = /** @type {{trustedTypes?: Factory}} */ (/** @type {unknown} */ (globalThis));

/** The page's scripts that run as workers, and nothing else. */
const WORKERS = ['service-worker.js', 'outage/worker.js'];

const policy = trustedTypes?.createPolicy('workers', {
  createScriptURL(url) {
    if (WORKERS.some((name) => new URL(name, import.meta.url).href === url)) return url;
    throw new TypeError(`${url} is no worker of this page`);
  },
});

/**
 * A worker's address, in the wrapping that the page's Trusted Types ask for.
 *
 * @param {string} name Relative to the page.
 * @returns {string}
 */
export function workerUrl(name) {
  const url = new URL(name, import.meta.url).href;
  return policy ? policy.createScriptURL(url) : url;
}
