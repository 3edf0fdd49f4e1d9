// @ts-check
/** The failures that the demo page offers: the examples of the dialects and the samples of the tests. */
import { readdir, readFile } from 'node:fs/promises';
import { at } from './paths.mjs';

/**
 * @typedef {object} Sample
 * @property {string | null} dialect
 * @property {string} name
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} body
 * @property {string} url
 */

/** @returns {Promise<Sample[]>} */
export async function samples() {
  const folder = at('src', 'dialects');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const result = [];
  for (const file of files) {
    const { id, examples } = JSON.parse(await readFile(at('src', 'dialects', file), 'utf8'));
    if (!Array.isArray(examples)) continue;
    for (const example of examples) result.push(sample(example, id));
  }
  const own = await readFile(at('tests', 'vectors', 'samples.json'), 'utf8').catch(() => '[]');
  for (const entry of JSON.parse(own)) result.push(sample(entry, entry.dialect ?? null));
  return result;
}

/**
 * @param {{ name: string, status: number, headers?: Record<string, string>, body?: unknown, host?: string, url?: string }} example
 * @param {string | null} dialect
 * @returns {Sample}
 */
function sample({ name, status, headers = {}, body = '', host, url }, dialect) {
  return {
    dialect,
    name,
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body, null, 2),
    url: url ?? (host ? `https://${host}/` : ''),
  };
}
