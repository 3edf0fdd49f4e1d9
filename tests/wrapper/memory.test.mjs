// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createFetch } from '../../pkg/dist/index.js';
import { QUICK } from './policies.mjs';

test('ten thousand origins leave 64 partitions', async () => {
  const f = createFetch({ policy: QUICK, fetch: async () => new Response('', { status: 503, headers: { 'retry-after': '60' } }) });
  setFlagsFromString('--expose-gc');
  const collect = async () => {
    for (let round = 0; round < 3; round += 1) {
      await sleep(50);
      runInNewContext('gc')();
    }
  };
  for (let index = 0; index < 2000; index += 1) await f(`https://first-${index}.example/`);
  await collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 10_000; index += 1) await f(`https://host-${index}.example/`);
  await collect();
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 2 ** 20, `${grown}`);
});
