// @ts-check
/** Addresses. */

/**
 * The absolute form of an address; empty where it has none.
 * @param {string} url
 */
export function absolute(url) {
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;
  } catch {
    return '';
  }
}

/** @param {string} url an absolute one */
export function origin(url) {
  return url.split('/', 3).join('/');
}

/** @param {string} url an absolute one; the path without query and fragment */
export function path(url) {
  return url.slice(origin(url).length).split(/[?#]/, 1)[0] || '/';
}
