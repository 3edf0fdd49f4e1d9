// @ts-check
/** `www/built/`: what the page takes from the build. All else in `www/` is served as it is written. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { measure } from './measure.mjs';
import { at, ROOT } from './paths.mjs';

const BUILT = at('www', 'built');

/** @type {Record<string, string>} what the page takes of npm packages: the file -> its source */
const LIBRARIES = {
  'json.js': "export { getLocation, getNodePath, parseTree, printParseErrorCode, findNodeAtLocation } from 'jsonc-parser';",
  'schema.js': "export { Validator } from '@cfworker/json-schema';",
};

export async function page() {
  await mkdir(join(BUILT, 'dialects'), { recursive: true });
  await copyFile(at('pkg', 'dist', 'index.js'), join(BUILT, 'reprieve.js'));
  await copyFile(at('pkg', 'dist', 'plain.js'), join(BUILT, 'plain.js'));
  await writeFile(join(BUILT, 'reprieve.d.ts'), "export * from '../../pkg/index.js';\n");
  await writeJson('apis.json', await apis());
  await libraries();
  await writeJson('files.json', await files());
}

/** @param {string} name @param {unknown} content */
const writeJson = (name, content) => writeFile(join(BUILT, name), `${JSON.stringify(content, null, 1)}\n`);

/** Each dialect as a file of its own, and their list. */
async function apis() {
  const folder = at('src', 'dialects');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  for (const name of await readdir(join(BUILT, 'dialects'))) if (!names.includes(name)) await rm(join(BUILT, 'dialects', name));
  const list = [];
  for (const file of names) {
    const text = await readFile(join(folder, file), 'utf8');
    const { id, name, sources = [], match = [], examples = [] } = JSON.parse(text);
    await writeFile(join(BUILT, 'dialects', file), text);
    if (file === 'schema.json') continue;
    const hosts = match.flatMap((/** @type {{ host?: string }} */ { host }) => host ?? []);
    list.push({ id, name, source: sources[0] ?? null, hosts: [...new Set(hosts)], examples: examples.length });
  }
  return list;
}

/**
 * The bytes of the entry and of each adapter. By itself, because compressing takes longer than all the rest here, and the package seldom changes.
 *
 * @param {string[]} adapters
 */
export async function weigh(adapters) {
  /** @type {Record<string, { minified: number, brotli: number }>} */
  const result = {};
  for (const name of ['index', 'slim', ...adapters.map((adapter) => `adapters/${adapter}`)]) {
    const { raw, brotli } = measure(await readFile(at('pkg', 'dist', `${name}.js`)));
    result[name] = { minified: raw, brotli };
  }
  await mkdir(BUILT, { recursive: true });
  await writeJson('sizes.json', result);
}

async function libraries() {
  const esbuild = await import('esbuild');
  for (const [name, contents] of Object.entries(LIBRARIES)) {
    await esbuild.build({
      stdin: { contents, resolveDir: ROOT },
      outfile: join(BUILT, name),
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      charset: 'utf8',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
    });
    const [, from] = /from '(.+)'/.exec(contents) ?? [];
    await writeFile(join(BUILT, name.replace('.js', '.d.ts')), contents.replace(/from '.+'/, `from '${from}'`));
  }
}

/**
 * What the Service Worker keeps when the page is at rest.
 *
 * @returns {Promise<{ version: string, files: string[] }>}
 */
async function files() {
  /** @type {string[]} */
  const all = [];
  for (const entry of await readdir(at('www'), { recursive: true, withFileTypes: true })) {
    const name = relative(at('www'), join(entry.parentPath, entry.name)).split(sep).join('/');
    if (entry.isFile() && !name.endsWith('.d.ts') && name !== 'built/files.json') all.push(name);
  }
  const hash = createHash('sha256');
  for (const name of all.sort()) hash.update(name).update('\0').update(await readFile(at('www', ...name.split('/'))));
  // index.html is kept as its folder, which is how the page is asked for; plain.js where a browser needs it.
  const apart = ['index.html', 'service-worker.js', 'built/plain.js'];
  return { version: hash.digest('hex').slice(0, 16), files: ['./', ...all.filter((name) => !apart.includes(name))] };
}
