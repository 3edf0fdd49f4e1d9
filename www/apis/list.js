// @ts-check

/** @typedef {import('./search.js').Api} Api */

/** @type {Promise<Api[]> | undefined} */
let list;

/**
 * The built-in dialects, by name.
 *
 * @returns {Promise<Api[]>} Rejects where the list cannot be fetched.
 */
export const listApis = () => (list ??= fetchList());

async function fetchList() {
  const response = await fetch(new URL('../built/apis.json', import.meta.url));
  if (!response.ok) throw new Error(`apis.json: ${response.status}`);
  /** @type {Api[]} */
  const apis = await response.json();
  return apis.sort((one, other) => one.name.localeCompare(other.name, 'en', { sensitivity: 'base' }));
}
