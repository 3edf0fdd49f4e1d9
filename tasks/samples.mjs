// @ts-check
/** The failures that the demo page offers: the examples of the dialects. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { at } from './paths.mjs';

/**
 * @typedef {object} Sample
 * @property {string} dialect
 * @property {string} name
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} body
 * @property {string} url
 */

/** So many of each API, so that the page stays light; the two it began with in full. */
const MOST = 3;
const IN_FULL = ['rooom', 'root'];

/** @returns {Promise<Sample[]>} */
export async function samples() {
  const folder = at('src', 'dialects');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const result = [];
  for (const file of files) {
    const { id, examples } = JSON.parse(await readFile(join(folder, file), 'utf8'));
    if (!Array.isArray(examples)) continue;
    const shown = IN_FULL.includes(id) ? examples : examples.slice(0, MOST);
    for (const example of shown) result.push(sample(example, id));
  }
  return result;
}

/**
 * @param {{ name: string, status: number, headers?: Record<string, string>, body?: unknown, host?: string }} example
 * @param {string} dialect
 * @returns {Sample}
 */
function sample({ name, status, headers = {}, body = '', host }, dialect) {
  return {
    dialect,
    name,
    status,
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body, null, 2),
    url: host ? `https://${host}/` : '',
  };
}
