// @ts-check
/** The package as its users meet it: by name, through its `exports`, from ESM, CommonJS and a bundle. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { build } from 'esbuild';
import { installed } from '../installed.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FAILED = { status: 503, headers: { 'Retry-After': '2' }, body: '' };
/** The members that show that the core ran, and not only the wrapper. */
const VERDICT = { kind: 'unavailable', status: 503, retryAfterMs: 2000, transient: true };

const { folder, remove } = await installed('consumers');
after(remove);

/**
 * @param {string} name
 * @param {string} source
 */
async function app(name, source) {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}

/** @param {unknown} verdict */
function check(verdict) {
  const failure = /** @type {Record<string, unknown>} */ (verdict);
  assert.deepEqual(Object.fromEntries(Object.keys(VERDICT).map((key) => [key, failure[key]])), VERDICT);
}

/** @param {string} path runs in a process of its own */
const run = (path) => JSON.parse(execFileSync(process.execPath, [path], { cwd: folder, encoding: 'utf8' }));

const ESM = `import { classify } from 'reprieve';\nconsole.log(JSON.stringify(classify(${JSON.stringify(FAILED)})));\n`;

test('import in Node', async () => check(run(await app('app.mjs', ESM))));

test('require in Node', async () => {
  check(run(await app('app.cjs', ESM.replace(/^import (.*) from (.*);/, 'const $1 = require($2);'))));
});

for (const format of /** @type {const} */ (['iife', 'esm', 'cjs'])) {
  test(`esbuild, ${format}`, async () => {
    const outfile = join(folder, `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`);
    await build({ entryPoints: [await app('entry.mjs', ESM)], bundle: true, minify: true, format, outfile, logLevel: 'error' });
    check(run(outfile));
  });
}

test('a bundle runs where there is nothing but the web platform', async () => {
  const outfile = join(folder, 'bare.js');
  const source = `import { classify } from 'reprieve';\nglobalThis.verdict = classify(${JSON.stringify(FAILED)});\n`;
  await build({ entryPoints: [await app('bare.mjs', source)], bundle: true, format: 'iife', outfile, logLevel: 'error' });
  const { TextDecoder, TextEncoder, Headers, Response, Request, URL, AbortController, fetch, crypto } = globalThis;
  /** @type {Record<string, unknown>} a context of node:vm has its own WebAssembly */
  const context = vm.createContext({ TextDecoder, TextEncoder, Headers, Response, Request, URL, AbortController, fetch, crypto, setTimeout, clearTimeout });
  vm.runInContext(await readFile(outfile, 'utf8'), context);
  check(context.verdict);
});

test('importing does nothing: no global is touched', async () => {
  const outfile = join(folder, 'idle.js');
  await build({ entryPoints: [await app('idle.mjs', "import * as api from 'reprieve';\nglobalThis.names = Object.keys(api);\n")], bundle: true, format: 'iife', outfile, logLevel: 'error' });
  /** @type {Record<string, unknown>} */
  const context = vm.createContext({});
  vm.runInContext('delete globalThis.WebAssembly', context);
  vm.runInContext(await readFile(outfile, 'utf8'), context);
  assert.deepEqual(Object.keys(context), ['names']);
});

test('both entries export the values that the types declare, and no others', async () => {
  const types = await readFile(join(ROOT, 'pkg', 'index.d.ts'), 'utf8');
  const declared = [...types.matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm)].map((match) => match[1]).sort();
  assert.ok(declared.includes('createFetch'));
  for (const [name, source] of [
    ['names.mjs', "import * as api from 'reprieve';\nconsole.log(JSON.stringify(Object.keys(api)));\n"],
    ['names.cjs', "const api = require('reprieve');\nconsole.log(JSON.stringify(Object.keys(api)));\n"],
  ]) {
    assert.deepEqual(run(await app(name, source)).sort(), declared, name);
  }
});

const DIALECTS = (await readdir(join(ROOT, 'src', 'dialects'))).filter((name) => name.endsWith('.json'));

/** A dialect of the package as the start of one's own, and pinned where the API stands behind a proxy. */
const USE = `
const own = { ...root, id: 'own', match: [{ host: 'shop.example' }] };
const response = { status: 500, url: 'https://shop.example/insurance/policies' };
const options = [[own], { 'https://shop.example/insurance': root }, { 'https://shop.example/insurance': 'root' }];
console.log(JSON.stringify(options.map((dialects) => {
  createFetch({ dialects });
  const failure = classify(response, { dialects });
  return [failure.dialect, failure.advice.savedUnderKey];
})));
`;

for (const [name, source] of [
  ['dialect.cjs', "const { classify, createFetch } = require('reprieve');\nconst root = require('reprieve/dialects/root.json');"],
  ['dialect.mjs', "import { createRequire } from 'node:module';\nimport { classify, createFetch } from 'reprieve';\nconst root = createRequire(import.meta.url)('reprieve/dialects/root.json');"],
]) {
  test(`a built-in dialect as JSON: ${name}`, async () => {
    assert.deepEqual(run(await app(name, `${source}\n${USE}`)), [['own', true], ['root', true], ['root', true]]);
  });
}

test('a built-in dialect as JSON in a bundle', async () => {
  const source = "import { classify, createFetch } from 'reprieve';\nimport root from 'reprieve/dialects/root.json' with { type: 'json' };\n";
  const outfile = join(folder, 'dialect-bundle.mjs');
  await build({ entryPoints: [await app('dialect-entry.mjs', source + USE)], bundle: true, format: 'esm', outfile, logLevel: 'error' });
  assert.deepEqual(run(outfile), [['own', true], ['root', true], ['root', true]]);
});

test('a dialect as JSON has a type', async () => {
  await app('dialect.ts', `
import root from 'reprieve/dialects/root.json' with { type: 'json' };
import slack from 'reprieve/dialects/slack.json' with { type: 'json' };
import { createFetch, type Dialect } from 'reprieve';
const dialect: Dialect = root;
createFetch({ dialects: [dialect, { ...slack, id: 'own' }] });
createFetch({ dialects: { 'https://shop.example/insurance': root } });
export const id: string = root.id;
// @ts-expect-error no such member
root.nothing;
`);
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { target: 'es2022', lib: ['es2022', 'dom'], module: 'nodenext', resolveJsonModule: true, types: [], strict: true, noEmit: true },
    files: ['dialect.ts'],
  }));
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

test('an editor finds the schema in the package, and the dialects are those of the source', async () => {
  const require = createRequire(join(folder, 'x.cjs'));
  assert.equal(require('reprieve/dialects/schema.json').title, 'A dialect of reprieve');
  for (const name of DIALECTS) {
    assert.equal(await readFile(require.resolve(`reprieve/dialects/${name}`), 'utf8'), await readFile(join(ROOT, 'src', 'dialects', name), 'utf8'), `${name}: run npm run build`);
  }
  assert.deepEqual((await readdir(join(ROOT, 'pkg', 'dist', 'dialects'))).sort(), DIALECTS.sort());
});

test('what is packed is whole, and nothing names this machine', async () => {
  const { name, version, exports } = JSON.parse(await readFile(join(ROOT, 'pkg', 'package.json'), 'utf8'));
  assert.equal(name, 'reprieve');
  assert.match(version, /^\d+\.\d+\.\d+/);
  const npm = process.env.npm_execpath;
  const listing = npm?.endsWith('.js')
    ? execFileSync(process.execPath, [npm, 'pack', '--dry-run', '--json'], { cwd: join(ROOT, 'pkg'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    : execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: join(ROOT, 'pkg'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const packed = Object.values(JSON.parse(listing))[0].files.map((/** @type {{ path: string }} */ file) => file.path);
  /** @type {Set<string>} */
  const named = new Set();
  JSON.stringify(exports, (_, value) => {
    if (typeof value === 'string' && !value.includes('*')) named.add(value.replace(/^\.\//, ''));
    return value;
  });
  for (const path of [...named, ...DIALECTS.map((name) => `dist/dialects/${name}`), 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE']) assert.ok(packed.includes(path), `${path} is not packed`);
  for (const path of packed.filter((/** @type {string} */ path) => /\.(c?js|json|ts|cts|md)$/.test(path))) {
    assert.ok(!(await readFile(join(ROOT, 'pkg', path), 'utf8')).includes(ROOT), `${path} names ${ROOT}`);
  }
});
