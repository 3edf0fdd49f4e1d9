// @ts-check
/** `npm run size`: what a visitor downloads, in bytes, against tasks/size-budget.json. */
import { readFile } from 'node:fs/promises';
import { ADAPTERS, SHARED, build } from './build.mjs';
import { measure } from './measure.mjs';
import { at } from './paths.mjs';
import { script } from './step.mjs';

/** @typedef {import('./measure.mjs').Bytes} Bytes */

/**
 * A part of the entry, minified by itself.
 * @param {import('esbuild').BuildOptions} options
 */
async function part(options) {
  const esbuild = await import('esbuild');
  const { outputFiles = [] } = await esbuild.build({
    ...options,
    format: 'esm', bundle: true, minify: true, platform: 'neutral', target: 'es2022', charset: 'ascii', legalComments: 'none',
    write: false, logLevel: 'silent',
  });
  return outputFiles[0].contents;
}

/** The entries, the core as plain JavaScript that `js` imports and `index` may fetch, and what stands on `index` and `js` in a worker. */
const FILES = ['index', 'js', 'slim', 'plain', 'sw', 'sw-js'].flatMap((name) => [`${name}.js`, `${name}.cjs`]);

/** Of the adapters, beside which nothing is bundled. */
const SMALL = [...ADAPTERS, ...SHARED].map((name) => `adapters/${name}.js`);

/** @returns {Promise<Record<string, Bytes>>} by the name of what was measured */
export async function sizes() {
  const contents = {
    'wasm': await readFile(at('pkg', 'dist', 'reprieve.wasm')),
    'glue': await part({ stdin: { contents: "export { glue } from './core.js'", resolveDir: at('pkg', 'dist') } }),
    'wrapper': await part({ entryPoints: [at('pkg', 'index.js')], external: ['./dist/core.js', './dist/plain.js'] }),
    ...Object.fromEntries(await Promise.all([...FILES, ...SMALL].map(async (name) => [name, await readFile(at('pkg', 'dist', name))]))),
  };
  return Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, measure(content)]));
}

/**
 * Prints the table; gives a sentence for each budget that is exceeded.
 * @returns {Promise<string[]>}
 */
export async function size() {
  const measured = await sizes();
  /** @type {Record<string, Partial<Bytes>>} */
  const budgets = JSON.parse(await readFile(at('tasks', 'size-budget.json'), 'utf8'));
  const columns = /** @type {const} */ (['raw', 'gzip', 'brotli']);
  const over = [];

  console.log(`${'bytes'.padEnd(26)}${columns.map((name) => name.padStart(9)).join('')}   budget`);
  for (const [name, bytes] of Object.entries(measured)) {
    const limits = [];
    for (const column of columns) {
      const limit = budgets[name]?.[column];
      if (limit === undefined) continue;
      limits.push(`${column} ${limit} (${bytes[column] <= limit ? `${limit - bytes[column]} left` : 'EXCEEDED'})`);
      if (bytes[column] > limit) over.push(`${name} is ${bytes[column]} bytes ${column}, ${bytes[column] - limit} more than its budget of ${limit}`);
    }
    console.log(`${name.padEnd(26)}${columns.map((column) => String(bytes[column]).padStart(9)).join('')}   ${limits.join(', ')}`);
  }
  for (const name of Object.keys(budgets)) if (!(name in measured)) over.push(`the budget names ${name}, which is not measured`);
  return over;
}

await script(import.meta.url, async () => {
  await build();
  const over = await size();
  if (over.length) throw new Error(over.join('\n'));
});
