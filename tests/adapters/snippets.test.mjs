// @ts-check
/** The code that the page shows for each library: its types fit, it is fetched through the adapter, and what the page says of its size is so. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { ADAPTERS } from '../../tasks/build.mjs';
import { at } from '../../tasks/paths.mjs';
import { SNIPPETS } from '../../www/install/snippets.js';
import { count, DOWN, load, OK } from './cases.mjs';
import { FOLDER } from './install.mjs';

const HERE = join(FOLDER, 'snippets');
await rm(HERE, { recursive: true, force: true });
await mkdir(HERE, { recursive: true });
after(() => rm(HERE, { recursive: true, force: true }));

/** What TanStack Query has for React is here without React. @param {string} code */
const prepared = (code) => code.replace("'@tanstack/react-query'", "'@tanstack/query-core'");

test('every adapter has one, in the order of the tabs the entry first', () => {
  assert.deepEqual(SNIPPETS.map(({ id }) => id).sort(), [...ADAPTERS, 'fetch'].sort());
  assert.equal(SNIPPETS[0].id, 'fetch');
  assert.equal(SNIPPETS[0].code.split('\n').filter((line) => line).length, 3);
});

test('those that share decide.js are marked', async () => {
  for (const { id, decides = false } of SNIPPETS.slice(1)) {
    const bundle = await readFile(at('pkg', 'dist', 'adapters', `${id}.js`), 'utf8');
    assert.equal(/from"\.\/decide\.js"/.test(bundle), decides, id);
  }
});

for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
  test(`the types fit, ${moduleResolution}`, async () => {
    await writeFile(join(HERE, 'package.json'), '{"type":"module"}');
    await writeFile(join(HERE, 'schema.ts'), 'export interface paths { "/orders": { get: { responses: { 200: { content: { "application/json": string[] } } } } } }\n');
    const files = [];
    for (const { id, code } of SNIPPETS) {
      const isTyped = /^import type/m.test(code);
      const file = `${id}.${isTyped ? 'ts' : /<\w+.*>.*<\//.test(code) ? 'jsx' : 'js'}`;
      await writeFile(join(HERE, file), `${prepared(code)}\nexport {};\n`);
      files.push(file);
    }
    await writeFile(join(HERE, 'tsconfig.json'), JSON.stringify({
      // As a person writes it, in JavaScript: parameters have no types.
      compilerOptions: { target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], module, moduleResolution, types: [], strict: true, noImplicitAny: false, allowJs: true, checkJs: true, jsx: 'react-jsx', skipLibCheck: true, noEmit: true },
      files,
    }));
    const { status, stdout } = spawnSync(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '--project', HERE], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });
}

/** What is left to do with what a snippet exports. SWR and Angular need more around, and have it in their own tests. @type {Record<string, (module: any) => Promise<unknown>>} */
const USES = {
  apollo: async ({ client }) => client.query({ query: (await load('@apollo/client')).gql`query { id }` }),
  rtk: async ({ api }) => {
    const { configureStore } = await load('@reduxjs/toolkit');
    const store = configureStore({ reducer: { [api.reducerPath]: api.reducer }, middleware: (/** @type {any} */ own) => own().concat(api.middleware) });
    return store.dispatch(api.endpoints.orders.initiate()).unwrap();
  },
  'openapi-fetch': async ({ client }) => {
    const { error } = await client.GET('/orders');
    if (error) throw error;
  },
};

// Angular's own code wants it before.
await load('@angular/compiler');

describe('sends again', { concurrency: true }, () => {
  for (const { id, name, code } of SNIPPETS) {
    test(name, async () => {
      const send = async (/** @type {string} */ url) => {
        const { code: plain } = await transform(prepared(code).replace(/https:\/\/shop\.example\/api[\w/]*/, url), { loader: 'tsx', jsx: 'automatic', format: 'esm' });
        const file = join(HERE, `${id}.mjs`);
        await writeFile(file, plain);
        const module = await import(pathToFileURL(file).href);
        await USES[id]?.(module);
      };
      const { sends, ended } = await count({ send }, [DOWN, DOWN, OK]);
      assert.deepEqual([sends, ended], [['swr', 'angular'].includes(id) ? 0 : 3, 'fine']);
    });
  }
});
