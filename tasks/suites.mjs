// @ts-check
/** The suites of `npm test`, in their order. Each says how many of its checks passed and failed. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { install } from '../tests/adapters/install.mjs';
import { capabilities, chromium, firefox } from './browser.mjs';
import { build } from './build.mjs';
import { run } from './command.mjs';
import { docs, features } from './crate.mjs';
import { environments, matrix } from './matrix.mjs';
import { at } from './paths.mjs';
import { pinned, wasmPack } from './setup.mjs';
import { size } from './size.mjs';
import { message, step } from './step.mjs';
import * as tally from './tally.mjs';

/**
 * @typedef {import('./tally.mjs').Tally} Tally
 * @typedef {{ output: string } & Tally} Outcome output: where the lines about vectors are
 * @typedef {{ name: string, vectors?: string, run: () => Promise<Outcome> }} Suite
 *   vectors: the name of the runner whose vectors it runs
 */

/**
 * Several checks, each a program that has to end with 0 or a function that has to give nothing.
 * @param {[string, string[] | (() => Promise<unknown>)][]} list
 * @returns {Promise<Outcome>}
 */
async function checks(list) {
  const outcome = { passed: 0, failed: 0, output: '' };
  for (const [name, work] of list) {
    let trouble = '';
    try {
      if (Array.isArray(work)) {
        const { code, output } = await run(work[0], work.slice(1));
        if (code !== 0) trouble = output.trimEnd() || `exit code ${code}`;
      } else {
        const complaints = await work();
        if (Array.isArray(complaints)) trouble = complaints.join('\n');
      }
    } catch (error) {
      trouble = message(error);
    }
    if (trouble) outcome.failed++;
    else outcome.passed++;
    console.log(trouble ? `FAILED ${name}\n${trouble}` : `ok ${name}`);
  }
  return outcome;
}

/**
 * The test files of some folders of tests/, run by node.
 * @param {string[]} folders
 * @param {() => Promise<Record<string, string>>} [environment]
 * @param {string[]} [more] parameters of node
 * @param {(name: string) => boolean} [isChosen] by its file's name
 */
async function node(folders, environment = async () => ({}), more = [], isChosen = () => true) {
  const files = [];
  for (const folder of folders) {
    const found = (await readdir(at('tests', folder)).catch(() => [])).filter((name) => name.endsWith('.test.mjs') && isChosen(name)).sort();
    if (found.length === 0) throw new Error(`tests/${folder}/ has no *.test.mjs`);
    files.push(...found.map((name) => at('tests', folder, name)));
  }
  const env = await environment();
  await mkdir(at('target'), { recursive: true });
  const report = at('target', `${folders.join('-')}.tap`);
  await rm(report, { force: true });
  const { code, output } = await run(
    process.execPath,
    [
      '--test', '--test-timeout=240000', ...more,
      '--test-reporter=spec', '--test-reporter-destination=stdout',
      '--test-reporter=tap', `--test-reporter-destination=${report}`,
      ...files,
    ],
    { echo: true, env },
  );
  return { output, ...tally.node(await readFile(report, 'utf8').catch(() => ''), code) };
}

/** Suites that leave the processor to others. */
const MOSTLY_WAITING = ['--test-concurrency=4'];

/** What a visitor does; the corners of each section are tried in Chromium. */
const IN_FIREFOX = ['offline', 'paste', 'tour', 'watch'].map((name) => `${name}.test.mjs`);

const inChromium = async () => ({ REPRIEVE_BROWSER: 'chromium', REPRIEVE_CHROMIUM: (await chromium()).browser });
const inFirefox = async () => ({ REPRIEVE_BROWSER: 'firefox', REPRIEVE_FIREFOX: await firefox() });

/**
 * @param {string[]} where
 * @param {Record<string, string>} more environment
 */
async function wasm(where, more) {
  const { program, env } = await wasmPack();
  const result = await run(
    program,
    ['test', ...where, '--mode', 'no-install', '.', '--features', 'wasm', '--test', 'wasm', '--', '--nocapture'],
    { echo: true, env: { ...env, ...more } },
  );
  return { output: result.output, ...tally.rust(result) };
}

/** @param {string} project */
const tsc = (project) => [process.execPath, at('node_modules', 'typescript', 'bin', 'tsc'), '--project', at(project)];

/** @type {Suite[]} */
export const SUITES = [
  {
    name: 'format and lints',
    run: () =>
      checks([
        ['cargo fmt (npm run format)', ['cargo', 'fmt', '--all', '--check', '--', '--files-with-diff']],
        ['clippy', ['cargo', 'clippy', '--quiet', '--workspace', '--all-targets', '--features', 'http', '--', '-D', 'warnings']],
        ['clippy, wasm', [
          'cargo', 'clippy', '--quiet', '--target', 'wasm32-unknown-unknown', '--features', 'wasm', '--lib', '--test', 'wasm', '--', '-D', 'warnings',
        ]],
        ['every set of features', features],
        ['documentation of the crate', docs],
        ['the example with reqwest', ['cargo', 'run', '--quiet', '--example', 'reqwest', '--features', 'http']],
      ]),
  },
  {
    name: 'native',
    vectors: 'native',
    run: async () => {
      const result = await run('cargo', ['test', '--features', 'http', '--', '--show-output'], { echo: true });
      return { output: result.output, ...tally.rust(result) };
    },
  },
  {
    name: 'package',
    run: () =>
      checks([
        ['build', build],
        ['size budget', size],
        ['types of the package', tsc('tsconfig.json')],
        ['types of the tasks', tsc('tasks/tsconfig.json')],
        ['publint', [process.execPath, at('node_modules', 'publint', 'src', 'cli.js'), at('pkg'), '--strict']],
        // Bytes have no types: bundlers make a URL of them, workers a module.
        ['attw', [process.execPath, at('node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js'), '--pack', at('pkg'), '--exclude-entrypoints', 'reprieve.wasm']],
      ]),
  },
  { name: 'wasm in Node', vectors: 'wasm in Node', run: () => wasm(['--node'], {}) },
  {
    name: 'wasm in Chromium',
    vectors: 'wasm in Chromium',
    run: async () => {
      const { browser, driver } = await chromium();
      return wasm(['--headless', '--chrome', '--chromedriver', driver], {
        WASM_BINDGEN_USE_BROWSER: '1',
        WASM_BINDGEN_TEST_WEBDRIVER_JSON: await capabilities(browser),
        WASM_BINDGEN_TEST_TIMEOUT: '120',
      });
    },
  },
  { name: 'wrapper in Node', vectors: 'JS API in Node', run: () => node(['server', 'wrapper']) },
  { name: 'wrapper in Chromium', vectors: 'JS API in Chromium', run: () => node(['browser'], inChromium, ['--test-concurrency=2']) },
  { name: 'wrapper in Firefox', vectors: 'JS API in Firefox', run: () => node(['browser'], inFirefox, ['--test-concurrency=2']) },
  { name: 'modules of the page', run: () => node(['www']) },
  { name: 'page in Chromium', run: () => node(['page'], inChromium, MOSTLY_WAITING) },
  { name: 'page in Firefox', run: () => node(['page'], inFirefox, MOSTLY_WAITING, (name) => IN_FIREFOX.includes(name)) },
  { name: 'consumers of the package', vectors: 'plain JavaScript in Node', run: () => node(['package']) },
  {
    name: 'matrix, the fast part',
    run: async () => {
      const { results } = await matrix((await environments()).filter(({ fast }) => fast));
      const failed = results.filter(({ trouble }) => trouble).length;
      return { passed: results.length - failed, failed, output: '' };
    },
  },
  { name: 'observability', run: async () => (await pinned('observability'), node(['observability'])) },
  {
    name: 'adapters',
    run: async () => {
      await build();
      await step('Installing the libraries', install);
      return node(['adapters'], undefined, MOSTLY_WAITING);
    },
  },
  { name: 'readme', run: () => node(['readme']) },
];
