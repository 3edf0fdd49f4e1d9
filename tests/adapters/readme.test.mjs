// @ts-check
/** The table of the adapters in both READMEs: what it says to write works, and its bytes are those of the build. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ADAPTERS } from '../../tasks/build.mjs';
import { at } from '../../tasks/paths.mjs';
import { table } from '../readme/blocks.mjs';
import { count, createFetch, DOWN, load, OK } from './cases.mjs';

const pages = await Promise.all(['README.md', 'pkg/README.md'].map((name) => readFile(at(name), 'utf8')));
const [rows, others] = pages.map((page) => table(page, '| Library |'));

test('both pages have the same table, with every adapter and its bytes', async () => {
  assert.deepEqual(rows, others);
  assert.deepEqual(rows.map(([name]) => nameOf(name)).sort(), ADAPTERS);
  const bytes = async (/** @type {string} */ name) => (await readFile(at('pkg', 'dist', 'adapters', `${name}.js`))).length;
  for (const [name, , said] of rows) assert.equal(Number(said.replace(' +', '')), await bytes(nameOf(name)), name);
  for (const page of pages) assert.ok(page.includes(`\`decide.js\`, ${await bytes('decide')} bytes`), `decide.js: ${await bytes('decide')} bytes`);
});

/** @param {string} cell */
const nameOf = (cell) => /`reprieve\/(.+)`/.exec(cell)?.[1] ?? '';

const [{ QueryClient }, ky, axios, ofetch, { default: wretch }, { default: createClient }, rtk, apollo, { RetryLink }] = await Promise.all([
  '@tanstack/query-core', 'ky', 'axios', 'ofetch', 'wretch', 'openapi-fetch', '@reduxjs/toolkit/query', '@apollo/client', '@apollo/client/link/retry',
].map(load));
const once = createFetch({ policy: 'none', throwOnFailure: true });

/**
 * Makes what the page says to write, and sends with it. SWR and Angular need more around, and have it in their own tests.
 * @type {Record<string, (made: (names: object) => any, url: string) => Promise<unknown>>}
 */
const USES = {
  'tanstack': (made, url) => made({ QueryClient }).fetchQuery({ queryKey: [url], queryFn: () => once(url) }),
  'apollo': (made, uri) => new apollo.ApolloClient({
    cache: new apollo.InMemoryCache(),
    link: apollo.ApolloLink.from([made({ RetryLink }), new apollo.HttpLink({ uri })]),
  }).query({ query: apollo.gql`query { id }` }),
  'axios': (made, url) => made({ axios: axios.default }).get(url),
  'rtk': async (made, url) => {
    const { error } = await made({ fetchBaseQuery: (/** @type {any} */ options) => rtk.fetchBaseQuery({ ...options, baseUrl: url }) })('/', { signal: new AbortController().signal }, {});
    if (error) throw error;
  },
  'ky': (made, url) => made({ ky: ky.default })(url).json(),
  'ofetch': (made, url) => made({ createFetch: ofetch.createFetch })(url),
  'openapi-fetch': async (made, url) => {
    const client = createClient({ baseUrl: url });
    made({ client });
    const { response } = await client.GET('/', {});
    if (!response.ok) throw response;
  },
  'wretch': (made, url) => made({ wretch }).url(url).get().json(),
};

for (const [cell, write] of rows) {
  const name = nameOf(cell);
  const [, code] = /^`([^`]*)`/.exec(write) ?? [];
  test(`${cell}: ${code}`, async () => {
    assert.ok(code);
    if (!(name in USES)) return;
    const { reprieve } = await load(`reprieve/${name}`);
    const made = (/** @type {object} */ names) => new Function('reprieve', ...Object.keys(names), `return ${code}`)(reprieve, ...Object.values(names));
    const found = await count({ send: (url) => USES[name](made, url) }, [DOWN, DOWN, OK]);
    assert.deepEqual([found.sends, found.ended], [3, 'fine']);
  });
}
