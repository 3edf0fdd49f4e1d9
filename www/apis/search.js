// @ts-check

/** A line of `built/apis.json`. @typedef {{id: string, name: string, source: string | null, hosts: string[], examples: number}} Api */

/**
 * Whether each word of a query is in an API's id, its name or its hosts. A host, or an address, finds the API that answers there.
 *
 * @param {Api} api
 * @param {string} query
 */
export function matches({ id, name, hosts }, query) {
  const text = [id, name, ...hosts].join(' ').toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word) || hosts.some((pattern) => fits(hostOf(word), pattern)));
}

/** @param {string} word */
const hostOf = (word) => /^(?:https?:\/\/)?([^/?#]+)/.exec(word)?.[1] ?? '';

/**
 * @param {string} host
 * @param {string} pattern May begin and end with `*`.
 */
function fits(host, pattern) {
  if (!host.includes('.')) return false;
  const [first, last] = [pattern.startsWith('*'), pattern.endsWith('*')];
  const text = pattern.slice(first ? 1 : 0, last ? -1 : undefined);
  if (first && last) return host.includes(text);
  return first ? host.endsWith(text) : last ? host.startsWith(text) : host === text;
}
