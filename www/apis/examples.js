// @ts-check

/**
 * A failed response to look at.
 *
 * @typedef {object} Example
 * @property {string} name
 * @property {number} status
 * @property {[string, string][]} headers
 * @property {string} body
 * @property {string} url Empty where it is not known.
 */

/**
 * The examples of a built-in dialect, which are also its tests.
 *
 * @param {string} id
 * @returns {Promise<Example[]>}
 * @throws where they cannot be fetched.
 */
export async function examplesOf(id) {
  const { examples } = await dialectOf(id);
  return examples.map(readExample);
}

/**
 * A built-in dialect as it is written.
 *
 * @param {string} id
 * @returns {Promise<import('../built/reprieve.js').Dialect & {examples: Written[]}>}
 */
export const dialectOf = async (id) => JSON.parse(await dialectText(id));

/**
 * The same as text, in the layout of its author.
 *
 * @param {string} id
 * @throws where it cannot be fetched.
 */
export async function dialectText(id) {
  const response = await fetch(new URL(`../built/dialects/${encodeURIComponent(id)}.json`, import.meta.url));
  if (!response.ok) throw new Error(`The dialect ${id} could not be fetched: ${response.status}.`);
  return response.text();
}

/** @typedef {{name: string, status: number, headers?: Record<string, string> | [string, string][], host?: string, body?: unknown}} Written */

/**
 * @param {Written} written As in a dialect's `examples`.
 * @returns {Example}
 */
export function readExample({ name, status, headers = {}, host, body }) {
  return {
    name,
    status,
    headers: Array.isArray(headers) ? headers : Object.entries(headers),
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body, null, 2),
    url: host ? `https://${host}/` : '',
  };
}
