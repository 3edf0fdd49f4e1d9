// @ts-check
/** Packages at exact versions, installed once under target/matrix. */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { must } from '../../../tasks/command.mjs';
import { at } from '../../../tasks/paths.mjs';

/** @typedef {Record<string, string>} Packages a version, or `npm:name@version` */

export const MATRIX = at('target', 'matrix');

/** @param {string} version */
const node = (version) => ({ [`node${version.split('.')[0]}`]: `npm:node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}@${version}` });

/** The tools run on the newest of these: npm and many tools ask for more than Node 20. */
export const NODE = { 20: node('20.20.2'), 22: node('22.23.3'), 24: node('24.21.0') };

/** @param {Packages} packages */
const keyOf = (packages) => Object.entries(packages).map(([name, version]) => `${name}-${version.split('@').pop()}`.replace(/[^\w.-]+/g, '_')).join('+').slice(0, 100);

/** @type {Map<string, Promise<string>>} */
const known = new Map();

/** One installation at a time: npm is not faster with two. @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * The folder whose node_modules has them.
 * @param {Packages} packages
 */
export function tools(packages) {
  const key = keyOf(packages);
  const found = known.get(key) ?? (last = last.catch(() => {}).then(() => install(key, packages)));
  known.set(key, /** @type {Promise<string>} */ (found));
  return /** @type {Promise<string>} */ (found);
}

/**
 * @param {string} key
 * @param {Packages} packages
 */
async function install(key, packages) {
  const folder = join(MATRIX, key);
  const stamp = join(folder, 'installed.json');
  const wanted = JSON.stringify(packages);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: packages }));
  await npm(['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--no-progress'], folder, 'node24' in packages);
  await writeFile(stamp, wanted);
  return folder;
}

/**
 * @param {string[]} parameters
 * @param {string} cwd
 * @param {boolean} [isFirst] on this Node, for the other is not there yet
 */
export async function npm(parameters, cwd, isFirst = false) {
  const script = process.env.npm_execpath;
  const program = isFirst ? process.execPath : await runtime(24);
  return script?.endsWith('.js')
    ? must(program, [script, ...parameters], { cwd })
    : must('npm', parameters, { cwd, env: { PATH: `${dirname(program)}${delimiter}${process.env.PATH}` } });
}

/** A Node binary. @param {keyof typeof NODE} version */
export async function runtime(version) {
  const folder = await tools(NODE[version]);
  const path = join(folder, 'node_modules', `node${version}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  await chmod(path, 0o755);
  return path;
}
