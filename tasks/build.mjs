// @ts-check
/**
 * The npm package: core -> wasm -> glue -> pkg/dist, the dialects beside it, and what the page needs of it in www/built (page.mjs).
 *
 *   cargo build -> reprieve.wasm -> bindgen -> wasm-opt -> core.js (glue and inlined bytes) -> esbuild -> index.js, slim.js
 *                                -> bindgen --plain -> wasm-opt -> wasm2js -> plain.js      -> esbuild -> js.js
 *
 * and each entry as .cjs, too; and the adapters, which import what they need of the entry.
 *
 * Only node's own modules are imported at the top: npm packages may not be there yet.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { must } from './command.mjs';
import { decoder } from './encode.mjs';
import { glue } from './glue.mjs';
import { dropExports, shortenImports } from './imports.mjs';
import { page, weigh } from './page.mjs';
import { at, EXE, ROOT } from './paths.mjs';
import { plain } from './plain.mjs';
import { packages, toolchain } from './setup.mjs';
import { script, step } from './step.mjs';

const COMPILED = at('target', 'wasm32-unknown-unknown', 'wasm', 'reprieve.wasm');
const GLUE = at('target', 'glue');
const DIST = at('pkg', 'dist');
const PLAIN = at('target', 'plain');
const STAMP = at('target', 'glue', 'built-from');

/** What wasm-bindgen's output uses, and nothing newer: a browser that lacks a feature cannot run the module. */
const FEATURES = ['bulk-memory', 'reference-types', 'multivalue', 'sign-ext', 'nontrapping-float-to-int', 'mutable-globals'];

/** Found by trying. The stack comes first in memory and grows down, so nothing is below address 1024. */
const PASSES = [
  '--low-memory-unused', '--flatten', '--rereloop', '-Oz', '-Oz', '--converge', '--one-caller-inline-max-function-size=20',
  '--dealign', '--strip-debug', '--strip-producers', '--strip-target-features',
];

/** What JavaScript has not: copies of memory, and numbers whose conversion never traps. */
const LOWERING = ['-Oz', '--llvm-memory-copy-fill-lowering', '--llvm-nontrapping-fptoint-lowering', '--signext-lowering', '--strip-target-features'];
const PLAIN_PASSES = ['--low-memory-unused', '--flatten', '--rereloop', '-Oz', '-Oz', '--strip-debug', '--strip-producers'];

const PLAIN_TYPES = `import type { Instance } from '../compiled.js';
export function start(encode: (text: string) => Uint8Array, decode: (bytes: Uint8Array) => string): Instance;
`;

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
    const script = await step('Turning the wasm into plain JavaScript', translate);
    await step('Bundling pkg/dist', () => bundle(wasm, script));
    await weigh([...ADAPTERS, ...SHARED]);
    await writeFile(STAMP, inputs);
  }
  await licences();
  await folders();
  await dialects();
  await page();
}

/** npm packs what is in pkg/, and nothing above it. */
async function licences() {
  for (const name of await readdir(ROOT)) if (name.startsWith('LICENSE')) await copyFile(at(name), at('pkg', name));
}

/** The adapters that users import, and what they share. */
export const ADAPTERS = ['angular', 'apollo', 'axios', 'ky', 'ofetch', 'openapi-fetch', 'rtk', 'swr', 'tanstack', 'wretch'];
export const SHARED = ['decide'];

/** For tools that know no `exports`. */
async function folders() {
  for (const name of ADAPTERS) {
    await mkdir(at('pkg', name), { recursive: true });
    const [main, module, types] = ['cjs', 'js', 'd.cts'].map((extension) => `../dist/adapters/${name}.${extension}`);
    await writeFile(at('pkg', name, 'package.json'), `${JSON.stringify({ main, module, types, sideEffects: false }, null, 2)}\n`);
  }
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

/** One of the programs of npm's binaryen. @param {string} name @param {string[]} parameters */
const binaryen = (name, ...parameters) => must(process.execPath, [at('node_modules', 'binaryen', 'bin', name), ...parameters]);

/** bindgen, then wasm-opt. */
async function optimize() {
  await mkdir(GLUE, { recursive: true });
  await must(at('target', 'tool', `bindgen${EXE}`), [COMPILED, GLUE]);
  const bound = at('target', 'glue', 'reprieve_bg.wasm');
  await writeFile(bound, dropExports(await readFile(bound), UNUSED));
  const result = at('target', 'glue', 'optimized.wasm');
  await binaryen('wasm-opt', bound, '--output', result, ...FEATURES.map((feature) => `--enable-${feature}`), ...PASSES);
  const { version } = JSON.parse(await readFile(at('pkg', 'package.json'), 'utf8'));
  const core = shortenImports(await readFile(result), `reprieve@${version}`);
  return { ...core, glue: glue(await readFile(at('target', 'glue', 'reprieve_bg.js'), 'utf8'), core.names) };
}

/** The same compiled core without WebAssembly; gives the module `plain.js`. */
async function translate() {
  await mkdir(PLAIN, { recursive: true });
  await must(at('target', 'tool', `bindgen${EXE}`), [COMPILED, PLAIN, '--plain']);
  const bound = at('target', 'plain', 'reprieve_bg.wasm');
  await writeFile(bound, dropExports(await readFile(bound), UNUSED));
  const [lowered, small, script] = ['lowered.wasm', 'small.wasm', 'script.js'].map((name) => at('target', 'plain', name));
  await binaryen('wasm-opt', bound, '--output', lowered, ...FEATURES.map((feature) => `--enable-${feature}`), ...LOWERING);
  await binaryen('wasm-opt', lowered, '--output', small, '--mvp-features', '--enable-mutable-globals', ...PLAIN_PASSES);
  const { wasm, module, names } = shortenImports(await readFile(small), 'core');
  await writeFile(small, wasm);
  await binaryen('wasm2js', small, '-Oz', '--output', script);
  return plain(await readFile(script, 'utf8'), glue(await readFile(at('target', 'plain', 'reprieve_bg.js'), 'utf8'), names), module);
}

/** @type {Record<string, string>} the entry -> the form of the core in it */
const ENTRIES = { index: 'inlined.js', js: 'plain.js', slim: 'given.js' };

/** @type {Record<string, string>} what stands on an entry, which it imports: the name -> the entry */
const WORKERS = { sw: 'index', 'sw-js': 'js' };

/**
 * @param {Awaited<ReturnType<typeof optimize>>} core
 * @param {string} script
 */
async function bundle({ wasm, module, glue }, script) {
  await mkdir(DIST, { recursive: true });
  await writeFile(
    at('pkg', 'dist', 'core.js'),
    `// @ts-nocheck\nexport const MODULE_NAME = ${JSON.stringify(module)};\n\n${decoder(wasm)}\n${glue}`,
  );
  await writeFile(at('pkg', 'dist', 'reprieve.wasm'), wasm);
  await writeFile(at('pkg', 'dist', 'plain.d.ts'), PLAIN_TYPES);
  const esbuild = await import('esbuild');
  /** @type {['esm' | 'cjs', string, string][]} */
  const formats = [['esm', 'js', 'd.ts'], ['cjs', 'cjs', 'd.cts']];
  for (const [format, extension, types] of formats) {
    /** @type {import('esbuild').BuildOptions} */
    const options = {
      format,
      bundle: true,
      minify: true,
      platform: 'neutral',
      target: 'es2022',
      charset: 'ascii',
      legalComments: 'none',
      logLevel: 'silent',
      absWorkingDir: ROOT,
    };
    await esbuild.build({ ...options, stdin: { contents: script, resolveDir: DIST }, outfile: at('pkg', 'dist', `plain.${extension}`) });
    for (const [entry, form] of Object.entries(ENTRIES)) {
      await esbuild.build({
        ...options,
        entryPoints: [at('pkg', 'index.js')],
        outfile: at('pkg', 'dist', `${entry}.${extension}`),
        // `require` in what is required: Jest has no `import()` there.
        supported: { 'dynamic-import': format === 'esm' },
        plugins: [
          {
            name: 'form of the core',
            setup({ onResolve }) {
              onResolve({ filter: /^\.\/inlined\.js$/ }, () => ({ path: at('pkg', form) }));
              onResolve({ filter: /^\.\/dist\/plain\.js$/ }, () => ({ path: `./plain.${extension}`, external: true }));
            },
          },
        ],
      });
    }
    for (const [name, entry] of Object.entries(WORKERS)) {
      await esbuild.build({
        ...options,
        entryPoints: [at('pkg', 'sw.js')],
        outfile: at('pkg', 'dist', `${name}.${extension}`),
        plugins: [
          {
            name: 'entry beside it',
            setup({ onResolve }) {
              onResolve({ filter: /^\.\/index\.js$/ }, () => ({ path: `./${entry}.${extension}`, external: true }));
            },
          },
        ],
      });
    }
    await esbuild.build({
      ...options,
      entryPoints: [...ADAPTERS, ...SHARED].map((name) => at('pkg', 'adapters', `${name}.js`)),
      outdir: at('pkg', 'dist', 'adapters'),
      outExtension: { '.js': `.${extension}` },
      external: ['reprieve', 'rxjs'],
      plugins: [
        {
          name: 'shared modules',
          setup({ onResolve }) {
            onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path }) => ({ path: path.replace(/js$/, extension), external: true }));
          },
        },
      ],
    });
    for (const name of ['index', 'js', 'slim', ...Object.keys(WORKERS), ...[...ADAPTERS, 'retry'].map((adapter) => `adapters/${adapter}`)]) {
      const text = await readFile(at('pkg', `${name in WORKERS ? 'sw' : name}.d.ts`), 'utf8');
      await writeFile(at('pkg', 'dist', `${name}.${types}`), text.replaceAll(/'(\.\.?\/\w+)\.js'/g, `'$1.${extension}'`));
    }
  }
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
    ...(await sources('pkg', /\.(js|ts|json)$/)),
    ...(await sources('pkg/adapters', /\.(js|ts)$/)),
    ...(await sources('tasks', /^(build|encode|glue|imports|plain)\.mjs$/)),
  ];
  for (const file of files) hash.update(file.slice(ROOT.length)).update('\0').update(await readFile(file));
  return hash.digest('hex');
}

async function complete() {
  const made = await readdir(DIST).catch(() => /** @type {string[]} */ ([]));
  const adapters = await readdir(at('pkg', 'dist', 'adapters')).catch(() => /** @type {string[]} */ ([]));
  const forPage = await readdir(at('www', 'built')).catch(() => /** @type {string[]} */ ([]));
  if (!forPage.includes('sizes.json')) return false;
  if (!ADAPTERS.every((name) => ['js', 'cjs', 'd.ts', 'd.cts'].every((extension) => adapters.includes(`${name}.${extension}`)))) return false;
  const entries = Object.keys({ ...ENTRIES, ...WORKERS }).flatMap((entry) => ['js', 'cjs', 'd.ts', 'd.cts'].map((extension) => `${entry}.${extension}`));
  return ['core.js', 'plain.js', 'plain.cjs', 'plain.d.ts', 'reprieve.wasm', ...entries].every((name) => made.includes(name));
}

await script(import.meta.url, build);
