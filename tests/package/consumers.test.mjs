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
import { ADAPTERS } from '../../tasks/build.mjs';
import { installed } from '../installed.mjs';
import { runVectors, summary } from '../vectors.mjs';
import { collect } from '../wrapper/evidence.mjs';

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

/** @param {string} source of an ES module, as one for `require` */
const required = (source) => `(async () => {\n${source.replace(/^import (.*) from (.*);/gm, (_, names, from) => `const ${names.replace('* as ', '')} = require(${from});`)}\n})();`;

const BYTES = "import { readFileSync } from 'node:fs';\n";
/** How the core comes to each entry. */
const ENTRIES = {
  'reprieve': { before: '', init: '' },
  'reprieve/js': { before: '', init: '' },
  'reprieve/slim': { before: BYTES, init: `await init(readFileSync(${JSON.stringify(join(ROOT, 'pkg', 'dist', 'reprieve.wasm'))}));` },
};

for (const [entry, { before, init }] of Object.entries(ENTRIES)) {
  const source = `${before}import { classify, createFetch, explain, init } from '${entry}';
${init}
const statuses = [503, 503, 200];
const fetch = createFetch({ policy: { backoff: { baseMs: 1, maxMs: 2 } }, fetch: async () => new Response('', { status: statuses.shift() }) });
const response = await fetch('https://shop.example/');
await init();
console.log(JSON.stringify([classify(${JSON.stringify(FAILED)}), response.status, explain(response).attempts.length]));
`;
  for (const [how, extension, text] of [['import', 'mjs', source], ['require', 'cjs', required(source)]]) {
    test(`${how} of ${entry} in Node`, async () => {
      const [failure, status, sends] = run(await app(`${entry.replace('/', '-')}.${extension}`, text));
      check(failure);
      assert.deepEqual([status, sends], [200, 3]);
    });
  }
}

for (const entry of ['reprieve/sw', 'reprieve/sw/js']) {
  const source = `import { serve } from '${entry}';\ntry { serve(); } catch ({ message }) { console.log(JSON.stringify(message)); }\n`;
  for (const [extension, text] of [['mjs', source], ['cjs', required(source)]]) {
    test(`${entry} in Node says where it belongs: ${extension}`, async () => {
      assert.match(run(await app(`${entry.replaceAll('/', '-')}.${extension}`, text)), /Service Worker only/);
    });
  }
}

test('reprieve/slim: bytes, a response, a module; what is wrong is told', async () => {
  const found = run(await app('sources.cjs', required(`${BYTES}
const bytes = readFileSync(require.resolve('reprieve/reprieve.wasm'));
/** A slim of its own. */
const slim = () => {
  delete require.cache[require.resolve('reprieve/slim')];
  return require('reprieve/slim');
};
const found = [];
for (const source of [bytes, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), new Response(bytes), Promise.resolve(new Response(bytes)), await WebAssembly.compile(bytes)]) {
  const { classify, init } = slim();
  await init(source);
  found.push(classify({ status: 503 }).kind);
}
const { classify, createFetch, init } = slim();
for (const wrong of [
  () => classify({ status: 503 }),
  () => init(),
  () => init(new Response('', { status: 404 })),
  () => init(new TextEncoder().encode('<!doctype html>')),
  () => init(7),
]) {
  try {
    found.push(await wrong());
  } catch (error) {
    found.push(error.message);
  }
}
const warnings = [];
console.warn = (...all) => warnings.push(all.join(' '));
const response = await createFetch({ fetch: async () => new Response('', { status: 503 }) })('https://shop.example/');
await Promise.all([init(bytes), init(bytes)]);
found.push(response.status, warnings, classify({ status: 503 }).kind);
console.log(JSON.stringify(found));
`)));
  const line = "write `await init(source)` before this line; `source` is 'reprieve/reprieve.wasm' of this version";
  const none = `reprieve cannot run here yet (Error: no WebAssembly was given): ${line}`;
  assert.deepEqual(found.slice(0, 8), [...Array(5).fill('unavailable'), none, none, 'init:  answered 404']);
  assert.match(found[8], /expected magic word/);
  assert.match(found[9], /must be a buffer source/i);
  assert.deepEqual([found[10], found[12]], [503, 'unavailable']);
  assert.equal(found[11].length, 1);
  assert.ok(found[11][0].includes(line), found[11][0]);
});

const JITLESS = `import { classify, classifyResponse, createFetch, explain, init } from 'reprieve';
const found = [typeof WebAssembly];
try {
  classify({ status: 503 });
} catch (error) {
  found.push(error.message);
}
const statuses = [503, 503, 200];
const fetch = createFetch({ policy: { backoff: { baseMs: 1, maxMs: 2 } }, idempotencyKey: true, fetch: async () => new Response('', { status: statuses.shift() }) });
const response = await fetch('https://shop.example/', { method: 'POST', body: 'x' });
found.push(response.status, explain(response).attempts.length, (await classifyResponse(new Response('', { status: 429 }))).kind);
await init();
found.push(classify(${JSON.stringify(FAILED)}));
console.log(JSON.stringify(found));
`;
for (const [name, source] of [['jitless.mjs', JITLESS], ['jitless.cjs', required(JITLESS)]]) {
  test(`no WebAssembly at all: ${name}`, async () => {
    // Node's own fetch needs WebAssembly: it says so as soon as there is a Response.
    const { stdout, stderr } = spawnSync(process.execPath, ['--jitless', '--unhandled-rejections=none', await app(name, source)], { cwd: folder, encoding: 'utf8' });
    assert.ok(stdout, stderr);
    const found = JSON.parse(stdout);
    check(found.pop());
    const message = "reprieve cannot run here yet (ReferenceError: WebAssembly is not defined): write `await init()` before this line, or import from 'reprieve/js'";
    assert.deepEqual(found, ['undefined', message, 200, 3, 'rate_limited']);
  });
}

test('all vectors, through reprieve/js', { timeout: 600_000 }, async () => {
  const result = await runVectors({ api: await import('../../pkg/dist/js.js'), data: await collect() });
  console.log(summary(result));
  assert.deepEqual(result.failures, []);
});

test('runtimes that compile no bytes get plain JavaScript by their condition', async () => {
  for (const condition of ['workerd', 'edge-light', 'react-native']) {
    const outfile = join(folder, `${condition}.mjs`);
    await build({ entryPoints: [await app('entry.mjs', ESM)], bundle: true, format: 'esm', platform: 'neutral', conditions: [condition], outfile, logLevel: 'error' });
    const text = await readFile(outfile, 'utf8');
    assert.ok(!/WebAssembly\.(Module|compile|Instance)/.test(text), condition);
    check(run(outfile));
  }
});

test('with code splitting the plain JavaScript is a chunk of its own; who only classifies has none', async () => {
  await app('package.json', '{"type":"module"}');
  const more = "import { createFetch } from 'reprieve';\ncreateFetch();\n";
  for (const [name, source, chunks] of /** @type {const} */ ([['whole', more + ESM, 1], ['classify', ESM, 0]])) {
    const outdir = join(folder, `split-${name}`);
    const { metafile } = await build({ entryPoints: [await app(`${name}.mjs`, source)], bundle: true, splitting: true, minify: true, format: 'esm', outdir, metafile: true, logLevel: 'error' });
    const { imports } = metafile.outputs[Object.keys(metafile.outputs).find((path) => path.endsWith(`/${name}.js`)) ?? ''];
    assert.deepEqual(imports.map(({ kind, path }) => [kind, metafile.outputs[path].bytes > 150_000]), Array(chunks).fill(['dynamic-import', true]));
    check(run(join(outdir, `${name}.js`)));
  }
});

// As ESM and IIFE: tests/matrix, in a browser.
test('esbuild, cjs', async () => {
  const outfile = join(folder, 'bundle.cjs');
  await build({ entryPoints: [await app('entry.mjs', ESM)], bundle: true, minify: true, format: 'cjs', outfile, logLevel: 'error' });
  check(run(outfile));
});

test('a bundle runs where there is nothing but the web platform', async () => {
  const outfile = join(folder, 'bare.js');
  const source = `import { classify } from 'reprieve';\nglobalThis.verdict = classify(${JSON.stringify(FAILED)});\n`;
  await build({ entryPoints: [await app('bare.mjs', source)], bundle: true, format: 'iife', outfile, logLevel: 'error' });
  const { TextDecoder, TextEncoder, Headers, Response, Request, URL, AbortController, fetch, crypto } = globalThis;
  /** @type {Record<string, unknown>} a context of node:vm has its own WebAssembly */
  const context = vm.createContext({ TextDecoder, TextEncoder, Headers, Response, Request, URL, AbortController, fetch, crypto, setTimeout, clearTimeout });
  vm.runInContext(await readFile(outfile, 'utf8'), context);
  check(context.verdict);
  // Jest's jsdom has neither of these.
  delete context.TextDecoder;
  delete context.TextEncoder;
  delete context.verdict;
  const say = `globalThis.verdict = classify({ status: 503, headers: { 'retry-after': '2' }, body: new Uint8Array([${[...new TextEncoder().encode('{"message":"Größe 😀"}')]}]) });`;
  await build({ entryPoints: [await app('bare.mjs', source.replace(/globalThis.*/, say))], bundle: true, format: 'iife', outfile, logLevel: 'error' });
  vm.runInContext(await readFile(outfile, 'utf8'), context);
  check(context.verdict);
  assert.equal(/** @type {any} */ (context.verdict).message, 'Größe 😀');
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

test('the entries export the values that the types declare, and no others', async () => {
  const types = await readFile(join(ROOT, 'pkg', 'index.d.ts'), 'utf8');
  const declared = [...types.matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm)].map((match) => match[1]).sort();
  assert.ok(declared.includes('createFetch'));
  for (const entry of Object.keys(ENTRIES)) {
    const source = `import * as api from '${entry}';\nconsole.log(JSON.stringify(Object.keys(api)));\n`;
    for (const [name, text] of [['names.mjs', source], ['names.cjs', required(source)]]) assert.deepEqual(run(await app(name, text)).sort(), declared, `${entry}, ${name}`);
  }
});

test('every type and every member says what it is', async () => {
  for (const name of ['index.d.ts', 'slim.d.ts']) {
    const lines = (await readFile(join(ROOT, 'pkg', name), 'utf8')).split('\n');
    let inherits = false;
    const silent = lines.filter((line, i) => {
      const declares = /^(export )?(declare )?(interface|class|type|function) /.test(line);
      if (declares) inherits = line.includes(' extends Meaning ');
      const [, type = ''] = /^ +(?:readonly )?\w+\??(?:\(.*\))?: (.*);?$/.exec(line) ?? [];
      // A literal says itself, and a narrower member is explained where it is wide.
      const tells = type !== '' && !inherits && !/^(null|true|false|'\w+');$/.test(type);
      return (line.startsWith('export ') ? declares : tells) && !/\*\/$/.test(lines[i - 1]);
    });
    assert.deepEqual(silent, [], name);
  }
});

test('the types of all entries, strictly, by import and require', async () => {
  const source = `import { ApiError, classify, createFetch, explain, init, Policy, type Failure } from 'reprieve';
import { classify as plain } from 'reprieve/js';
import { init as start, type Source } from 'reprieve/slim';
export const failure: Failure | null = plain({ status: 503 });
export const all: Promise<void>[] = [init(), start(new URL('https://cdn.example/reprieve.wasm')), start(fetch('/reprieve.wasm')), start(new Uint8Array())];
export const source: Source = new ArrayBuffer(8);
createFetch()('/').then((response) => classify(response));
globalThis.fetch = createFetch({ fetch: globalThis.fetch, policy: new Policy('patient') });
export const dropIn: typeof fetch = createFetch({ throwOnFailure: true });
export const told = (error: unknown): string | undefined => {
  if (error instanceof ApiError) return error.failure.status === null ? error.failure.kind : error.response?.headers.get('retry-after') ?? error.failure.status.toFixed();
  const known = explain(error);
  return known?.reason === 'attempts_exhausted' ? known.failure.kind : undefined;
};
void createFetch()(new URL('https://shop.example/'), { method: 'PUT', body: () => 'text', headers: new Headers(), reprieve: { timeoutMs: 5 } });
// @ts-expect-error null where nothing failed
failure.kind;
// @ts-expect-error no source is taken
void init(new ArrayBuffer(8));
// @ts-expect-error a source is wanted
void start();
// @ts-expect-error no source
void start(7);
`;
  const web = { lib: ['es2022', 'dom', 'dom.iterable'], types: [] };
  // Without the types of a page: those of Node name `fetch` and what belongs to it.
  const nodeOnly = { lib: ['es2022'], types: ['node'] };
  await app('entries.mts', source);
  await app('entries.cts', source);
  for (const [module, moduleResolution, files] of [['nodenext', 'nodenext', ['entries.mts', 'entries.cts']], ['node16', 'node16', ['entries.mts', 'entries.cts']], ['esnext', 'bundler', ['entries.mts']]]) {
    for (const platform of [web, nodeOnly]) {
      await writeFile(join(folder, 'tsconfig.entries.json'), JSON.stringify({
        compilerOptions: { target: 'es2022', ...platform, module, moduleResolution, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true },
        files,
      }));
      const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', join(folder, 'tsconfig.entries.json')], { encoding: 'utf8' });
      assert.equal(status, 0, `${module}, ${platform.lib}: ${stdout}`);
    }
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
  const { name, version, exports, scripts, dependencies } = JSON.parse(await readFile(join(ROOT, 'pkg', 'package.json'), 'utf8'));
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
  const licences = (await readdir(ROOT)).filter((name) => name.startsWith('LICENSE'));
  const wanted = [
    ...named, ...DIALECTS.map((name) => `dist/dialects/${name}`), ...licences, 'README.md',
    'dist/plain.js', 'dist/plain.cjs', 'js/package.json', 'slim/package.json', 'sw/package.json', 'sw/js/package.json',
    ...ADAPTERS.map((adapter) => `${adapter}/package.json`),
    ...['decide.js', 'decide.cjs', 'retry.d.ts', 'retry.d.cts'].map((shared) => `dist/adapters/${shared}`),
  ];
  assert.deepEqual(packed.sort(), [...new Set(wanted)].sort());
  assert.deepEqual([scripts, dependencies], [undefined, undefined]);
  for (const path of packed.filter((/** @type {string} */ path) => /\.(c?js|json|ts|cts|md)$/.test(path))) {
    assert.ok(!(await readFile(join(ROOT, 'pkg', path), 'utf8')).includes(ROOT), `${path} names ${ROOT}`);
  }
});
