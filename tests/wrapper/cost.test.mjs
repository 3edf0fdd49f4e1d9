// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

let instances = 0;
let modules = 0;
let crossings = 0;

WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(target, input) {
    // The smallest one only asks whether there may be any.
    if (input[0].byteLength > 8) modules += 1;
    return Reflect.construct(target, input);
  },
});
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(target, input) {
    instances += 1;
    const { exports } = Reflect.construct(target, input);
    return { exports: Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, typeof value === 'function' ? counted(value) : value])) };
  },
});

/** @param {Function} call */
const counted = (call) => (/** @type {unknown[]} */ ...input) => {
  crossings += 1;
  return call(...input);
};

const { createFetch } = await import('../../pkg/dist/index.js');

test('importing touches no WebAssembly', () => assert.deepEqual([modules, instances, crossings], [0, 0, 0]));

test('createFetch without options compiles nothing', () => {
  createFetch();
  createFetch({ fetch: async () => new Response() });
  assert.deepEqual([modules, instances, crossings], [0, 0, 0]);
});

test('a success makes no call into WebAssembly', async () => {
  const given = new Response('x');
  const f = createFetch({ fetch: async () => given });
  const before = [modules, instances, crossings];
  for (const method of ['GET', 'POST']) {
    assert.equal(await f('https://x.invalid/', { method }), given);
    assert.equal(given.bodyUsed, false);
  }
  assert.deepEqual([modules, instances, crossings], before);
});

test('the first failure compiles once; later successes make no call', async () => {
  let status = 404;
  const f = createFetch({ fetch: async () => new Response('x', { status }) });
  await f('https://x.invalid/');
  await f('https://x.invalid/');
  assert.deepEqual([modules, instances], [1, 1]);
  const before = crossings;
  assert.ok(before > 0);
  status = 200;
  for (let index = 0; index < 20; index += 1) await f('https://x.invalid/');
  assert.deepEqual([modules, instances, crossings], [1, 1, before]);
});
