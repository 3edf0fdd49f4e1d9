// @ts-check
/**
 * `npm run matrix`: the packed package in every environment of tests/matrix, and the table of README.md.
 * `npm run matrix -- vite jest` runs those whose file has one of the words in its name.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kit } from '../tests/matrix/kit/index.mjs';
import { MATRIX, npm } from '../tests/matrix/kit/tools.mjs';
import { chromium, firefox } from './browser.mjs';
import { build } from './build.mjs';
import { ROOT, at } from './paths.mjs';
import { message, script, seconds, step } from './step.mjs';

/**
 * @typedef {import('../tests/matrix/kit/index.mjs').Environment} Environment
 * @typedef {import('../tests/matrix/kit/index.mjs').Core} Core
 * @typedef {Environment & { id: string }} Named
 * @typedef {{ id: string, trouble: string, ways: [string, Core][] }} Result
 */

const START = '<!-- MATRIX: `npm run matrix` writes this part; a test compares its rows with tests/matrix. -->\n';
const END = '<!-- END OF MATRIX -->\n';
const AT_ONCE = 2;
const TIMEOUT_MS = 120_000;

/** Node first, browsers last. */
const ORDER = ['node', 'deno', 'bun', 'workerd', 'vitest', 'jest', 'vite', 'webpack', 'rspack', 'esbuild', 'rollup', 'rolldown', 'parcel', 'next', 'page', 'worker', 'service-worker', 'csp'];

/** @param {string} id */
const rank = (id) => ORDER.findIndex((start) => id === start || id.startsWith(`${start}-`));

/** The files of tests/matrix. @returns {Promise<Named[]>} */
export async function environments() {
  const ids = (await readdir(at('tests', 'matrix'))).filter((name) => name.endsWith('.mjs')).map((name) => name.slice(0, -4));
  ids.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en'));
  return Promise.all(ids.map(async (id) => ({ id, ...(await import(pathToFileURL(at('tests', 'matrix', `${id}.mjs`)).href)) })));
}

/** The package as npm packs and installs it. Gives its folder. */
async function packed() {
  const folder = join(MATRIX, 'package');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await npm(['pack', at('pkg'), '--silent', '--pack-destination', folder], folder);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error('npm pack left no tarball');
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  await npm(['install', `./${tarball}`, '--no-audit', '--no-fund', '--no-package-lock', '--no-progress'], folder);
  return join(folder, 'node_modules', 'reprieve');
}

/** Each browser is started once, when it is needed. */
function browsers() {
  /** @type {Partial<Record<'chromium' | 'firefox', Promise<import('playwright-core').Browser>>>} */
  const running = {};
  const paths = { chromium: async () => ({ REPRIEVE_CHROMIUM: (await chromium()).browser }), firefox: async () => ({ REPRIEVE_FIREFOX: await firefox() }) };
  return {
    /** @param {'chromium' | 'firefox'} name */
    browser: (name) => (running[name] ??= (async () => {
      Object.assign(process.env, await paths[name]());
      // It needs npm packages, which may not be there before the build.
      return (await import('../tests/browser/page.mjs')).launch(name);
    })()),
    running,
    close: () => Promise.allSettled(Object.values(running).map(async (browser) => (await browser).close())),
  };
}

/**
 * @param {Named} environment
 * @param {import('../tests/matrix/kit/index.mjs').Shared} shared
 * @returns {Promise<Result>}
 */
async function one(environment, shared) {
  const { id, timeoutMs = TIMEOUT_MS } = environment;
  /** @type {Kit | undefined} */
  let kit;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  try {
    const opened = (kit = await Kit.open(id, environment, shared));
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${timeoutMs / 1000} s`)), timeoutMs);
    });
    await Promise.race([environment.run(opened), late]);
    if (opened.ways.length === 0) throw new Error('it has checked nothing');
    return { id, trouble: '', ways: opened.ways };
  } catch (error) {
    return { id, trouble: message(error), ways: kit?.ways ?? [] };
  } finally {
    clearTimeout(timer);
    await kit?.close();
  }
}

/**
 * @param {Named[]} list
 * @returns {Promise<{ results: Result[], versions: string }>} versions of the browsers that ran
 */
export async function matrix(list) {
  const pack = await step('Packing and installing the package', packed);
  const started = browsers();
  const shared = { pack, browser: started.browser };
  /** @type {Result[]} */
  const results = [];
  const queue = [...list];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const since = performance.now();
      const result = await one(next, shared);
      results.push(result);
      console.log(`${result.trouble ? 'FAILED' : 'ok    '} ${next.id}: ${next.name}, ${seconds(since)}`);
      if (result.trouble) console.log(result.trouble.split('\n').slice(0, 60).join('\n').replace(/^/gm, '  '));
    }
  }));
  const versions = await Promise.all(Object.entries(started.running).map(async ([name, browser]) => `${name === 'chromium' ? 'Chromium' : 'Firefox'} ${(await browser).version().split('.')[0]}`));
  await started.close();
  return { results, versions: versions.sort().join(' and ') };
}

const CORES = { wasm: 'WebAssembly', plain: 'plain JavaScript', init: 'plain JavaScript, `classify` after `init()`' };

/** The first two cells. @param {Named} environment */
export function head({ name, packages = {} }) {
  const pins = Object.entries(packages).map(([name, version]) => (version.startsWith('npm:') ? version.split('@').pop() : `${name} ${version}`));
  return `| ${name} | ${pins.join(', ')} |`;
}

/**
 * @param {Named} environment
 * @param {Result} result
 */
function row(environment, { trouble, ways }) {
  const cores = /** @type {Core[]} */ (['wasm', 'plain', 'init']).map((core) => [CORES[core], ways.filter(([, used]) => used === core).map(([way]) => way).join(', ')]);
  const cell = trouble
    ? `FAILED: ${(trouble.match(/^.*Error:.*$/m)?.[0] ?? trouble.split('\n')[0]).trim().replaceAll(ROOT, '').replaceAll('|', '\\|')}`
    : cores.filter(([, list]) => list).map(([core, list]) => `${list}: ${core}`).join('; ') + (environment.note ? ` (${environment.note})` : '');
  return `${head(environment)} ${cell} |\n`;
}

/** README.md's part, or nothing. @param {string} readme */
export function part(readme) {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md lacks the lines\n${START}${END}`);
  return readme.slice(start + START.length, end);
}

/**
 * The part with the rows of these results in it; of what did not run the row stays.
 * @param {string} old
 * @param {Named[]} all
 * @param {Result[]} results
 * @param {string} versions
 */
function table(old, all, results, versions) {
  const rows = all.map((environment) => {
    const result = results.find(({ id }) => id === environment.id);
    if (result) return row(environment, result);
    const kept = old.split('\n').find((line) => line.startsWith(head(environment)));
    return kept ? `${kept}\n` : `${head(environment)} not run |\n`;
  });
  const known = old.match(/^In .*$/m)?.[0];
  const line = results.length === all.length || !known ? `In ${versions || 'no browser'}, on ${process.platform} ${process.arch}.` : known;
  return [
    `<details>\n<summary>${all.length} environments</summary>\n\n${line}\n\n`,
    '| environment | version | what ran, and the core that it had |\n|---|---|---|\n',
    ...rows,
    '\n</details>\n',
  ].join('');
}

await script(import.meta.url, async () => {
  const words = process.argv.slice(2);
  const all = await environments();
  const list = all.filter(({ id }) => words.length === 0 || words.some((word) => id.includes(word)));
  if (list.length === 0) throw new Error(`No such environment. There are: ${all.map(({ id }) => id).join(', ')}`);
  const since = performance.now();
  await build();
  const { results, versions } = await matrix(list);
  const failed = results.filter(({ trouble }) => trouble);

  const path = at('README.md');
  const before = await readFile(path, 'utf8');
  const old = part(before);
  const after = before.replace(START + old, () => START + table(old, all, results, versions));
  if (after !== before) await writeFile(path, after);
  console.log(`\n${results.length - failed.length} ok, ${failed.length} failed, ${seconds(since)}${failed.map(({ id }) => `\n  FAILED ${id}`).join('')}`);
  console.log(after === before ? 'README.md is up to date.' : 'README.md: the table is new.');
  if (failed.length > 0) process.exitCode = 1;
});
