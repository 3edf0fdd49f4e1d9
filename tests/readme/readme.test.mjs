// @ts-check
/** The two READMEs: every JavaScript example runs and prints what it says, and the tables are measured or compared with their sources. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createFetch, explain } from '../../pkg/dist/index.js';
import { environments, head, part } from '../../tasks/matrix.mjs';
import { sizes } from '../../tasks/size.mjs';
import { dialectTable, withTable } from '../../tasks/table.mjs';
import { installed } from '../installed.mjs';
import { startServer } from '../server/index.mjs';
import { ANSWERS, JSON_TYPE, rooom, root } from './answers.mjs';
import { blocks, printed, table } from './blocks.mjs';

/** @typedef {import('../server/index.mjs').Step} Step */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = ['README.md', 'pkg/README.md'];

const server = await startServer();
/** @type {Map<string, string>} */
const pages = new Map();
for (const name of PAGES) pages.set(name, await readFile(join(ROOT, name), 'utf8'));
const readme = pages.get('README.md') ?? '';

const { folder, remove } = await installed('readme');
after(async () => {
  await server.close();
  await remove();
});

/**
 * @param {string} page
 * @param {number} line
 */
const moduleOf = (page, line) => `${page.replace(/\W/g, '-')}-${line}.mjs`;
for (const [name, text] of pages) for (const { line, source } of blocks(text, 'js')) await writeFile(join(folder, moduleOf(name, line)), source);

for (const [name, text] of pages) {
  const examples = blocks(text, 'js');
  test(`${name} has examples`, () => assert.notEqual(examples.length, 0));

  for (const { line, source } of examples) {
    test(`${name}, line ${line}`, async () => {
      const expected = printed(source);
      assert.notEqual(expected.source, '^$', 'the example says nothing of what it prints');
      const used = Object.keys(ANSWERS).filter((address) => source.includes(`fetch('${address}`));
      const routes = Object.fromEntries(used.map((address) => [address, server.script(ANSWERS[address].steps)]));
      const preload = new URL('./redirect.mjs', import.meta.url).href;
      const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', preload, join(folder, moduleOf(name, line))], {
        env: { ...process.env, ROUTES: JSON.stringify(routes) },
        timeout: 30_000,
      });
      assert.match(stdout, expected);
      assert.equal(stderr, '');
      for (const address of used) assert.equal(server.requests(routes[address]).length, ANSWERS[address].sends, address);
    });
  }
}

test('the files that README.md links to exist', async () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]);
  assert.notEqual(links.length, 0);
  for (const link of links) await assert.doesNotReject(readFile(join(ROOT, link)), link);
});

test('the table of dialects in README.md is that of src/dialects', async () => {
  const table = await dialectTable();
  assert.ok(withTable(readme, table) === readme, `run npm run table; it should be\n${table}`);
});

test('the table of environments in README.md has those of tests/matrix, at their versions, and none that failed', async () => {
  const rows = part(readme).split('\n').filter((line) => line.startsWith('| ')).slice(1);
  const heads = (await environments()).map(head);
  assert.deepEqual(rows.map((row, index) => row.slice(0, heads[index]?.length)), heads, 'run npm run matrix');
  for (const [index, row] of rows.entries()) assert.doesNotMatch(row.slice(heads[index].length), /^ (FAILED|not run)/, row);
});

test('README.md has the numbers of the corpus', async () => {
  const folder = join(ROOT, 'tests', 'corpus');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  const entries = texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line));
  const families = new Set(entries.map(({ family }) => family));
  assert.ok(readme.includes(`| ${entries.length} responses of ${families.size} APIs`), `${entries.length} responses of ${families.size} families`);
});

test('the examples fit the types', async () => {
  const files = [...pages].flatMap(([name, text]) => blocks(text, 'js').map(({ line }) => moduleOf(name, line)));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { target: 'es2022', lib: ['es2022', 'dom'], module: 'nodenext', types: ['node'], typeRoots: [join(ROOT, 'node_modules', '@types')], allowJs: true, checkJs: true, noEmit: true, strict: false },
      files,
    }),
  );
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await assert.doesNotReject(promisify(execFile)(process.execPath, [tsc, '--project', folder]));
});

test('the sizes in README.md are those of the build', async () => {
  const measured = await sizes();
  const stated = table(readme, '| KB |');
  const named = stated.map(([name]) => name.replaceAll('`', '').split(',')[0]);
  // The same for `require` is told once; the adapters have a table of their own.
  assert.deepEqual(named, Object.keys(measured).filter((name) => !name.startsWith('adapters/') && (name === 'index.cjs' || !name.endsWith('.cjs'))));
  for (const [index, { raw, gzip, brotli }] of named.map((name) => measured[name]).entries()) {
    for (const [column, bytes] of [raw, gzip, brotli].entries()) {
      const said = Number(stated[index][column + 1]);
      // One version of a compressor differs from the next by less.
      assert.ok(Math.abs(said - bytes / 1000) <= 0.05 + bytes / 50_000, `${stated[index][0]}: README.md says ${said} KB, it is ${bytes} bytes`);
    }
  }
});

/**
 * What most retrying code does: no look at the method, the body or the headers. Without waits; they change no count.
 * @param {string} url
 * @param {RequestInit} init
 */
async function plainLoop(url, init) {
  for (let send = 1; ; send++) {
    const status = await fetch(url, init).then((response) => response.status, () => 0);
    if (send === 4 || (status !== 0 && status !== 429 && status < 500)) return;
  }
}

/** By the first cell of the row. @type {Record<string, { step: Step, address?: string, init?: RequestInit, calls?: number, learn: (story: import('../../pkg/index.js').Explanation | null) => void }>} */
const ROWS = {
  'rooom answers a GET with 500, every time': {
    step: rooom(500, 'internal_server_error', 'Internal server error'),
    address: 'https://api.rooom.com/spaces',
    learn: (story) => assert.deepEqual(steps(story), ['retry_once', 'record_request']),
  },
  'Root answers a GET with 429': {
    step: root(429, { type: 'rate_limit_error', message: 'Too many requests' }),
    address: 'https://api.rootplatform.com/v1/insurance/policies',
    learn: (story) => assert.equal(waits(story), 120),
  },
  'Root answers a POST under an idempotency key with 500': {
    step: root(500, { type: 'api_error', message: 'Something went wrong' }),
    address: 'https://api.rootplatform.com/v1/insurance/policies?idempotency_key=7',
    init: { method: 'POST', body: '{}' },
    learn: (story) => assert.deepEqual([story?.failure?.advice.savedUnderKey, steps(story)], [true, ['retry_later', 'use_new_key']]),
  },
  'OpenAI answers a POST with 429 `insufficient_quota`': {
    step: {
      status: 429,
      headers: JSON_TYPE,
      body: '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
    },
    address: 'https://api.openai.com/v1/responses',
    init: { method: 'POST', body: '{}' },
    learn: (story) => assert.equal(story?.failure?.kind, 'payment_required'),
  },
  'GitHub answers a GET with 403 and `x-ratelimit-remaining: 0`': {
    step: {
      status: 403,
      headers: { ...JSON_TYPE, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 1800) },
      body: '{"message":"API rate limit exceeded","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"}',
    },
    address: 'https://api.github.com/repos/octocat/hello-world',
    learn: (story) => {
      assert.equal(story?.failure?.kind, 'rate_limited');
      assert.ok(Math.abs(waits(story) - 1800) < 60, `${waits(story)} s`);
    },
  },
  'DynamoDB throttles a POST with 400': {
    step: {
      status: 400,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"Rate of requests exceeds the allowed throughput."}',
    },
    address: 'https://dynamodb.us-east-1.amazonaws.com/',
    init: { method: 'POST', body: '{}' },
    learn: (story) => assert.equal(story?.failure?.kind, 'rate_limited'),
  },
  'A POST without a key, and the connection is lost': {
    step: { fault: 'reset' },
    init: { method: 'POST', body: '{}' },
    learn: (story) => assert.equal(story?.maybeApplied, true),
  },
  'Any API answers with 503 and `Retry-After: 60`': {
    step: { status: 503, headers: { 'retry-after': '60' } },
    learn: (story) => assert.equal(waits(story), 60),
  },
  'Ten calls at once to an API that answers everything with 503': { step: { status: 503 }, calls: 10, learn: () => {} },
};

/** @param {import('../../pkg/index.js').Explanation | null} story */
const steps = (story) => story?.failure?.advice.steps.map(({ id }) => id);

/** Seconds. @param {import('../../pkg/index.js').Explanation | null} story */
const waits = (story) => Math.round(((story?.retryAt ?? 0) - Date.now()) / 1000);

const rows = table(readme, '| What comes back |');

test('the first table has the rows that are measured', () => assert.deepEqual(rows.map(([what]) => what), Object.keys(ROWS)));

for (const [what, plain, own, reason] of rows) {
  test(`the first table: ${what}`, async () => {
    const { step, address, init = {}, calls = 1, learn } = ROWS[what];
    /** @param {(url: string) => () => Promise<unknown>} caller */
    const count = async (caller) => {
      const url = server.script([step]);
      const call = caller(url);
      await Promise.all(Array.from({ length: calls }, call));
      const { length } = server.requests(url);
      return `${length} send${length === 1 ? '' : 's'}`;
    };
    assert.equal(await count((url) => () => plainLoop(url, init)), plain);

    const sent = await count((url) => {
      const call = createFetch({ fetch: (_, sending) => fetch(url, sending) });
      return async () => {
        const story = explain(await call(address ?? url, init).catch((error) => error));
        // The one that looks uses up its sends.
        const looked = calls > 1 && story?.reason === 'attempts_exhausted';
        if (!looked) assert.equal(`\`${story?.reason}\``, reason);
        learn(story);
      };
    });
    // When a probe goes is drawn at random.
    if (calls > 1) assert.ok(Math.abs(parseInt(sent) - parseInt(own)) <= 1, sent);
    else assert.equal(sent, own);
  });
}
