// @ts-check
/** `npm run table`: the table of dialects in README.md, made from src/dialects. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { at } from './paths.mjs';
import { script } from './step.mjs';

const START = '<!-- DIALECTS: `npm run table` writes this part; a test compares it with src/dialects. -->\n';
const END = '<!-- END OF DIALECTS -->\n';

/**
 * @typedef {object} File
 * @property {string} id
 * @property {string} name
 * @property {string[]} sources
 * @property {Record<string, string[]>} [kinds]
 * @property {string[]} [generic]
 * @property {string[]} [permanent]
 * @property {string[]} [transient]
 * @property {unknown[]} [rules]
 * @property {unknown[]} [fields]
 * @property {unknown[]} [retry_after]
 * @property {unknown[]} [advice]
 * @property {{ header?: string, query?: string }} [idempotency]
 * @property {{ status: number, expect: object | null }[]} examples
 */

/** What a dialect says beyond where things are. @param {File} file */
function says({ kinds = {}, generic = [], permanent = [], transient = [], rules, fields, retry_after: waits, advice, idempotency, examples }) {
  const codes = new Set([...Object.values(kinds), generic, permanent, transient].flat()).size;
  const isInside = examples.some(({ status, expect }) => status < 300 && expect);
  const place = idempotency && (idempotency.header ?? `?${idempotency.query}=`);
  const parts = [
    codes > 0 && `${codes} code${codes === 1 ? '' : 's'}`,
    rules?.length && `${rules.length} rule${rules.length === 1 ? '' : 's'}`,
    isInside && 'errors inside a 2xx',
    fields?.length && 'fields',
    waits?.length && 'waits',
    advice?.length && 'advice',
    place && `key in \`${place}\``,
  ];
  return parts.filter(Boolean).join(', ') || 'its shape';
}

/** The part of README.md, with the lines that mark it. */
export async function dialectTable() {
  const names = (await readdir(at('src', 'dialects'))).filter((name) => name.endsWith('.json') && name !== 'schema.json');
  /** @type {File[]} */
  const files = await Promise.all(names.map(async (name) => JSON.parse(await readFile(at('src', 'dialects', name), 'utf8'))));
  files.sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const rows = files.map((file) => {
    const source = file.sources.find((source) => source.startsWith('https://'));
    return `| [${file.name.replaceAll('|', '\\|')}](${source}) | \`${file.id}\` | ${says(file)} |\n`;
  });
  return [
    START,
    `<details>\n<summary>${files.length} APIs, standards, frameworks and proxies</summary>\n\n`,
    '| documentation | id | what the dialect says |\n|---|---|---|\n',
    ...rows,
    '\n</details>\n',
    END,
  ].join('');
}

/**
 * The text with that table in place of its own.
 * @param {string} readme
 * @param {string} table
 */
export function withTable(readme, table) {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md lacks the lines\n${START}${END}`);
  return readme.slice(0, start) + table + readme.slice(end + END.length);
}

await script(import.meta.url, async () => {
  const path = at('README.md');
  const before = await readFile(path, 'utf8');
  const after = withTable(before, await dialectTable());
  if (after !== before) await writeFile(path, after);
  console.log(after === before ? 'README.md is up to date.' : 'README.md: the table of dialects is new.');
});
