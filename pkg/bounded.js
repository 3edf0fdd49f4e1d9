// @ts-check
/** Maps that forget: what was used least recently goes first. */

/**
 * Puts an entry last, and drops the first where there are more than `most`.
 * @template T
 * @param {Map<string, T>} map
 * @param {string} key
 * @param {T} value
 * @param {number} most
 */
export function remember(map, key, value, most) {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(/** @type {string} */ (map.keys().next().value));
}
