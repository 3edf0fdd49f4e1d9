// @ts-check
/** What a fresh machine lacks: toolchain, npm packages, tools. Each function does nothing where nothing is missing. */
import { copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { must, npm, run } from './command.mjs';
import { at, EXE, TOOLS } from './paths.mjs';
import { step } from './step.mjs';

const WASM_PACK = '0.15.1';

/** The Rust toolchain of rust-toolchain.toml. */
export async function toolchain() {
  const text = await readFile(at('rust-toolchain.toml'), 'utf8');
  /** @param {string} key */
  const list = (key) => [...(text.match(new RegExp(`^${key} *= *\\[(.*)\\]`, 'm'))?.[1] ?? '').matchAll(/"(.*?)"/g)].map((m) => m[1]);
  const channel = text.match(/^channel *= *"(.*)"/m)?.[1];
  if (!channel) throw new Error('rust-toolchain.toml names no channel');
  const targets = list('targets');
  const components = list('components');

  const rustup = await run('rustup', ['--version']);
  if (rustup.code !== 0) throw new Error('rustup is missing: install Rust from https://rustup.rs, then run this again');
  const target = await run('rustup', ['target', 'list', '--installed', '--toolchain', channel]);
  const component = await run('rustup', ['component', 'list', '--installed', '--toolchain', channel]);
  const complete =
    target.code === 0 &&
    targets.every((name) => target.output.split(/\s+/).includes(name)) &&
    components.every((name) => new RegExp(`^${name}(-|$)`, 'm').test(component.output));
  if (complete) return;
  await step(`Installing Rust ${channel} with ${[...targets, ...components].join(', ')}`, () =>
    must('rustup', [
      'toolchain', 'install', channel, '--profile', 'minimal', '--no-self-update',
      ...targets.flatMap((name) => ['--target', name]),
      ...components.flatMap((name) => ['--component', name]),
    ]),
  );
}

/** The packages of package-lock.json. */
export async function packages() {
  /** @param {string} path */
  const changed = (path) => stat(at(path)).then((s) => s.mtimeMs, () => 0);
  if ((await changed('node_modules/.package-lock.json')) >= (await changed('package-lock.json'))) return;
  await step('Installing npm packages', () => npm(['ci', '--no-audit', '--no-fund']));
}

/**
 * The packages that a folder of tests/ pins for itself, in target/: too large for those who only build.
 * @param {string} folder
 */
export async function pinned(folder) {
  const names = ['package.json', 'package-lock.json'];
  const read = (/** @type {string[]} */ ...path) => Promise.all(names.map((name) => readFile(at(...path, name), 'utf8').catch(() => '')));
  const wanted = await read('tests', folder);
  const isThere = await stat(at('target', folder, 'node_modules', '.package-lock.json')).catch(() => null);
  if (isThere && String(await read('target', folder)) === String(wanted)) return;
  await mkdir(at('target', folder), { recursive: true });
  await step(`Installing the npm packages of tests/${folder}`, async () => {
    for (const name of names) await copyFile(at('tests', folder, name), at('target', folder, name));
    await npm(['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: at('target', folder) });
  });
}

/**
 * What `wasm-pack test` needs; gives its path and the PATH to run it with.
 * @returns {Promise<{ program: string, env: Record<string, string> }>}
 */
export async function wasmPack() {
  await must('cargo', ['build', '--quiet', '--profile', 'tool', '--package', 'bindgen', '--features', 'test-runner']);
  await mkdir(TOOLS, { recursive: true });
  await copyFile(at('target', 'tool', `bindgen${EXE}`), join(TOOLS, `wasm-bindgen${EXE}`));
  await copyFile(at('target', 'tool', `wasm-bindgen-test-runner${EXE}`), join(TOOLS, `wasm-bindgen-test-runner${EXE}`));
  const env = { PATH: `${TOOLS}${delimiter}${process.env.PATH}` };
  const wanted = `wasm-pack ${WASM_PACK}`;
  const found = await run('wasm-pack', ['--version'], { env });
  if (found.output.trim() !== wanted) {
    await step(`Installing ${wanted} (about 3 minutes)`, () =>
      must('cargo', ['install', 'wasm-pack', '--version', `=${WASM_PACK}`, '--locked', '--root', at('target', 'tools')]),
    );
  }
  return { program: 'wasm-pack', env };
}
