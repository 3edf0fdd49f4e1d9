// @ts-check
/**
 * The npm package: core -> wasm -> glue -> pkg/dist, the dialects beside it, and what the page needs of it in www/.
 *
 *   cargo build -> reprieve.wasm -> bindgen -> wasm-opt -> core.js (glue and inlined bytes) -> esbuild -> index.js, index.cjs
 *
 * Only node's own modules are imported at the top: npm packages may not be there yet.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { must } from './command.mjs';
import { decoder } from './encode.mjs';
import { glue } from './glue.mjs';
import { dropExports, shortenImports } from './imports.mjs';
import { at, EXE, ROOT } from './paths.mjs';
import { samples } from './samples.mjs';
import { packages, toolchain } from './setup.mjs';
import { script, step } from './step.mjs';

const COMPILED = at('target', 'wasm32-unknown-unknown', 'wasm', 'reprieve.wasm');
const GLUE = at('target', 'glue');
const DIST = at('pkg', 'dist');
const STAMP = at('target', 'glue', 'built-from');

/** What wasm-bindgen's output uses, and nothing newer: a browser that lacks a feature cannot run the module. */
const FEATURES = ['bulk-memory', 'reference-types', 'multivalue', 'sign-ext', 'nontrapping-float-to-int', 'mutable-globals'];

/** Found by trying. The stack comes first in memory and grows down, so nothing is below address 1024. */
const PASSES = [
  '--low-memory-unused', '--flatten', '--rereloop', '-Oz', '-Oz', '--converge', '--one-caller-inline-max-function-size=20',
  '--dealign', '--strip-debug', '--strip-producers', '--strip-target-features',
];

/** What wasm-bindgen exports and `pkg/` does not use: the core frees nothing. */
const UNUSED = ['__wbindgen_realloc', '__wbindgen_free', '__abort_handler', '__instance_terminated'];

export async function build() {
  await toolchain();
  await packages();
  await step('Compiling bindgen', () =>
    must('cargo', ['build', '--quiet', '--profile', 'tool', '--package', 'bindgen', '--bin', 'bindgen']),
  );
  // `cargo rustc` for this one crate type: beside an rlib, cargo leaves out link-time optimisation.
  await step('Compiling the core to wasm', () =>
    must('cargo', [
      'rustc', '--quiet', '--lib', '--crate-type', 'cdylib', '--profile', 'wasm', '--target', 'wasm32-unknown-unknown', '--features', 'wasm',
    ]),
  );
  const inputs = await fingerprint();
  const done = await readFile(STAMP, 'utf8').catch(() => '');
  if (done !== inputs || !(await complete())) {
    await rm(STAMP, { force: true });
    const wasm = await step('Making the wasm small', optimize);
    await step('Bundling pkg/dist', () => bundle(wasm));
    await writeFile(STAMP, inputs);
  }
  await licences();
  await dialects();
  await page();
}

/** npm packs what is in pkg/, and nothing above it. */
async function licences() {
  for (const name of await readdir(ROOT)) if (name.startsWith('LICENSE')) await copyFile(at(name), at('pkg', name));
}

/** Beside the entries and apart from them: who wants one as JSON imports it. */
async function dialects() {
  const folder = at('pkg', 'dist', 'dialects');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const name of await readdir(at('src', 'dialects'))) {
    if (name.endsWith('.json')) await copyFile(at('src', 'dialects', name), at('pkg', 'dist', 'dialects', name));
  }
}

/** bindgen, then wasm-opt. */
async function optimize() {
  await mkdir(GLUE, { recursive: true });
  await must(at('target', 'tool', `bindgen${EXE}`), [COMPILED, GLUE]);
  const bound = at('target', 'glue', 'reprieve_bg.wasm');
  await writeFile(bound, dropExports(await readFile(bound), UNUSED));
  const result = at('target', 'glue', 'optimized.wasm');
  await must(process.execPath, [
    at('node_modules', 'binaryen', 'bin', 'wasm-opt'),
    bound,
    '--output', result,
    ...FEATURES.map((feature) => `--enable-${feature}`),
    ...PASSES,
  ]);
  return shortenImports(await readFile(result));
}

/** @param {ReturnType<typeof shortenImports>} core */
async function bundle({ wasm, module, names }) {
  const binding = glue(await readFile(at('target', 'glue', 'reprieve_bg.js'), 'utf8'), names);
  await mkdir(DIST, { recursive: true });
  await writeFile(
    at('pkg', 'dist', 'core.js'),
    `// @ts-nocheck\nexport const MODULE_NAME = ${JSON.stringify(module)};\n\n${decoder(wasm)}\n${binding}`,
  );
  await writeFile(at('pkg', 'dist', 'reprieve.wasm'), wasm);
  const esbuild = await import('esbuild');
  /** @type {['esm' | 'cjs', string, string][]} */
  const entries = [['esm', 'index.js', 'index.d.ts'], ['cjs', 'index.cjs', 'index.d.cts']];
  for (const [format, entry, types] of entries) {
    await esbuild.build({
      entryPoints: [at('pkg', 'index.js')],
      outfile: at('pkg', 'dist', entry),
      format,
      bundle: true,
      minify: true,
      platform: 'neutral',
      target: 'es2022',
      charset: 'ascii',
      legalComments: 'none',
      logLevel: 'silent',
      absWorkingDir: ROOT,
    });
    await copyFile(at('pkg', 'index.d.ts'), at('pkg', 'dist', types));
  }
}

/** What `www/` takes from the build: it has no build step of its own. */
async function page() {
  await copyFile(at('pkg', 'dist', 'index.js'), at('www', 'reprieve.js'));
  await writeFile(at('www', 'samples.json'), `${JSON.stringify(await samples(), null, 1)}\n`);
}

/** One hash of all that `optimize` and `bundle` read. */
async function fingerprint() {
  const hash = createHash('sha256');
  /** @param {string} folder @param {RegExp} pattern */
  const sources = async (folder, pattern) =>
    (await readdir(at(folder))).filter((name) => pattern.test(name)).sort().map((name) => at(folder, name));
  const files = [
    COMPILED,
    at('target', 'tool', `bindgen${EXE}`),
    at('package-lock.json'),
    ...(await sources('pkg', /\.(js|ts)$/)),
    ...(await sources('tasks', /^(build|encode|glue|imports)\.mjs$/)),
  ];
  for (const file of files) hash.update(file.slice(ROOT.length)).update('\0').update(await readFile(file));
  return hash.digest('hex');
}

async function complete() {
  const made = await readdir(DIST).catch(() => /** @type {string[]} */ ([]));
  return ['core.js', 'index.js', 'index.cjs', 'index.d.ts', 'index.d.cts', 'reprieve.wasm'].every((name) => made.includes(name));
}

await script(import.meta.url, build);
