// @ts-check
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { cases, count, createFetch, DOWN, FAST, load, OK, owned } from './cases.mjs';
import { FOLDER } from './install.mjs';

const { QueryClient } = await load('@tanstack/query-core');
const { reprieve } = await load('reprieve/tanstack');

/** @param {(url: string, init: RequestInit) => Promise<unknown>} send */
const client = (send, options = { policy: FAST }) => ({
  send: (/** @type {string} */ url, /** @type {string} */ method) => {
    const queries = new QueryClient({ defaultOptions: { queries: reprieve(options) } });
    return queries.fetchQuery({ queryKey: [url], queryFn: () => send(url, { method }) });
  },
});

const once = createFetch({ policy: 'none', throwOnFailure: true });
cases('TanStack Query', () => client(once));
owned('TanStack Query', (fetch) => client(fetch), { throwOnFailure: true });

test('TanStack Query: an error of its own class that shows a status and headers', async () => {
  const throwing = client(async (url) => {
    const { ok, status, headers } = await fetch(url);
    if (!ok) throw Object.assign(new Error(`status ${status}`), { status, headers });
    return 'fine';
  });
  assert.equal((await count(throwing, [DOWN, DOWN, OK])).sends, 3);
  assert.equal((await count(throwing, [{ status: 400 }])).sends, 1);
});

test('TanStack Query: what it cannot read is not sent again', async () => {
  for (const thrown of [new Error('no'), 'text', undefined, null, 7, Object.freeze({ url: 7, headers: 7, status: 'x' })]) {
    let sends = 0;
    const failing = client(async () => {
      sends++;
      throw thrown;
    });
    await assert.rejects(failing.send(String(sends), 'GET'), () => true);
    assert.equal(sends, 1, String(thrown));
  }
});

test('TanStack Query: the same error thrown each time ends after four sends', async () => {
  let sends = 0;
  const error = Object.assign(new Error(), { status: 503 });
  await assert.rejects(client(async () => {
    sends++;
    throw error;
  }).send('same', 'GET'));
  assert.equal(sends, 4);
});

test('TanStack Query: where the core cannot run nothing is sent again, and nothing is thrown', () => {
  const source = "import { reprieve } from 'reprieve/tanstack';\nconst { retry, retryDelay } = reprieve();\nconst error = { status: 503 };\nconsole.log(retryDelay(0, error), retry(0, error));";
  assert.equal(execFileSync(process.execPath, ['--jitless', '--input-type=module', '--eval', source], { cwd: FOLDER, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }), '0 false\n');
});

test('TanStack Query: a wrong option is told at once', () => {
  assert.throws(() => reprieve({ policy: { maxAttempts: 0 } }), { name: 'OptionsError', pointer: '/policy/maxAttempts' });
});
