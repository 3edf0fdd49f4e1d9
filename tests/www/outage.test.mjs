// @ts-check
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFetch, failureOf } from '../../www/built/reprieve.js';
import { contenders } from '../../www/outage/contenders.js';
import { Failures } from '../../www/outage/failures.js';
import { Heap } from '../../www/outage/heap.js';
import { Run } from '../../www/outage/model.js';
import { Random } from '../../www/outage/random.js';
import { Server } from '../../www/outage/server.js';
import { USUAL, number, read, write } from '../../www/outage/storm.js';

/** @typedef {import('../../www/outage/storm.js').Storm} Storm */

const SECOND = 1_000_000;
const SMALL = { ...USUAL, tabs: 100, seconds: 10 };

/**
 * @param {import('../../www/outage/contenders.js').Id} id
 * @param {Partial<Storm>} [storm]
 */
function start(id, storm) {
  const whole = { ...USUAL, ...storm };
  const contender = contenders(whole.policy).find((other) => other.id === id);
  assert.ok(contender);
  return new Run(whole, contender);
}

/** @param {number} found @param {number} expected @param {number} tolerance */
const near = (found, expected, tolerance) => assert.ok(Math.abs(found - expected) <= tolerance, `${found}, not ${expected} ± ${tolerance}`);

describe('chance', () => {
  test('is splitmix64, number by number', () => {
    const mask = (1n << 64n) - 1n;
    let state = (9n * 0x9e3779b97f4a7c15n) & mask;
    const random = new Random(9);
    for (let i = 0; i < 2000; i += 1) {
      state = (state + 0x9e3779b97f4a7c15n) & mask;
      let z = state;
      z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
      z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
      assert.equal(random.uniform(), Number((z ^ (z >> 31n)) >> 11n) / 2 ** 53);
    }
  });

  test('is exponential where it is said to be', () => {
    const [random, same] = [new Random(4), new Random(4)];
    for (let i = 0; i < 2000; i += 1) near(random.exponential(), -Math.log(1 - same.uniform()), 1e-13);
  });
});

test('the heap gives what is due first, and of equals the one that was put in first', () => {
  const heap = /** @type {Heap<[number, number]>} */ (new Heap());
  const random = new Random(1);
  for (let i = 0; i < 500; i += 1) {
    const time = Math.floor(random.uniform() * 50);
    heap.push(time, [time, i]);
  }
  let last = [-1, -1];
  for (let i = 0; i < 500; i += 1) {
    const next = heap.pop();
    assert.ok(next[0] > last[0] || (next[0] === last[0] && next[1] > last[1]), `${next} after ${last}`);
    last = next;
  }
  assert.equal(heap.time, Infinity);
});

describe('the server', () => {
  /** @param {Partial<Storm>} storm */
  const serve = (storm) => /** @type {Server<number>} */ (new Server({ ...USUAL, fault: 'outage', tabs: 140, rate: 1, ...storm }, new Random(1)));
  const [before, during, after] = [5, 20, 15 + USUAL.seconds].map((second) => second * SECOND);

  test('could serve more than what is offered: 1 / 0.7 of it', () => {
    near(serve({}).capacity, 200, 1e-9);
    assert.equal(serve({}).work(before), 5000);
  });

  test('refuses in an outage, and then ramps from 30 to 100 % over 10 s', () => {
    const server = serve({});
    assert.equal(server.receive(before).is, 'served');
    assert.equal(server.receive(during).is, 'refused');
    assert.equal(server.receive(after).is, 'served');
    near(server.speed(after + 1), 0.3, 1e-6);
    near(server.speed(after + 5 * SECOND), 0.65, 1e-9);
    assert.equal(server.speed(after + 11 * SECOND), 1);
  });

  test('has 30 % in a brown-out', () => {
    const server = serve({ fault: 'brown-out' });
    assert.equal(server.work(before), 5000);
    assert.equal(server.work(during), 16_666);
    assert.equal(server.work(after), 5000);
  });

  test('keeps 3 s of work in its queue, then answers 503, which costs 5 % of a served request', () => {
    const server = serve({});
    for (let request = 0; request < 600; request += 1) {
      assert.equal(server.receive(before).is, 'served', String(request));
      server.push(request);
    }
    assert.equal(server.receive(before).is, 'unavailable');
    assert.equal(server.receive(before).is, 'unavailable');
    assert.equal(server.work(before), 5500);
    assert.equal(server.work(before), 5000);
    assert.deepEqual([server.shift(), server.shift(), server.length], [0, 1, 598]);
  });

  test('lets 70 % of the load pass in each window of 10 s, and says when the next one begins', () => {
    const server = serve({ fault: 'limit' });
    const begin = 15 * SECOND;
    for (let request = 0; request < 980; request += 1) assert.equal(server.receive(begin + 1000).is, 'served');
    assert.deepEqual(server.receive(begin + 1000), { is: 'limited', seconds: 10 });
    assert.deepEqual(server.receive(begin + 7.5 * SECOND), { is: 'limited', seconds: 3 });
    assert.equal(server.receive(begin + 10 * SECOND).is, 'served');
  });

  test('fails one request in five, where it does so at random', () => {
    const server = serve({ fault: 'random' });
    let failed = 0;
    for (let request = 0; request < 10_000; request += 1) failed += server.receive(during).is === 'unavailable' ? 1 : 0;
    near(failed / 10_000, 0.2, 0.02);
    assert.equal(server.receive(before).is, 'served');
  });
});

describe('a run', () => {
  test('gives the same again, in whatever slices, and another with another seed', () => {
    /** @param {number} slice @param {Partial<Storm>} [other] */
    const run = (slice, other) => {
      const started = start('ours', { ...SMALL, ...other });
      for (let second = 0; second < 85; second += slice) started.advance(second);
      const figures = started.finish();
      return { figures, seconds: started.seconds };
    };
    const once = run(1);
    assert.deepEqual(run(7.3), once);
    assert.notDeepEqual(run(1, { seed: 8 }).seconds, once.seconds);
  });

  test('loses no call: each succeeds, fails or is under way', () => {
    for (const fault of /** @type {const} */ (['outage', 'brown-out', 'limit', 'random'])) {
      for (const { id } of contenders('default')) {
        const run = start(id, { ...SMALL, fault });
        run.finish();
        const total = (/** @type {'calls' | 'successes' | 'failures' | 'sends'} */ member) => run.seconds.reduce((sum, second) => sum + second[member], 0);
        // 15 s after the last call none is, but for a naive storm that never ends.
        const open = total('calls') - total('successes') - total('failures');
        assert.ok(open >= 0 && open < 20, `${fault} ${id}: ${open} open`);
        assert.ok(total('successes') > 0.05 * total('calls'), `${fault} ${id}`);
      }
    }
  });

  test('tells of a send without a response what our fetch tells', async () => {
    /** @type {[kind: 'network' | 'timeout', fetch: typeof fetch][]} */
    const cases = [
      ['network', () => Promise.reject(new TypeError('fetch failed'))],
      ['timeout', (_, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))],
    ];
    for (const [kind, fetch] of cases) {
      const error = await createFetch({ policy: 'none', attemptTimeoutMs: 1000, fetch })('https://api.example/').catch((reason) => reason);
      const failure = failureOf(error);
      assert.ok(failure);
      assert.deepEqual(new Failures(true)[kind], { ...failure, advice: { ...failure.advice, steps: [] } });
      assert.equal(new Failures(false)[kind].advice.maxAttempts, null);
    }
  });

  // The seeds are other than those of the Rust simulation, and the tabs fewer: hence the tolerances.
  describe('agrees with the README, that is with the simulation in Rust', () => {
    test('reprieve in an outage, 1,000 tabs', () => {
      const { sends, fine, recovery } = start('ours', { fault: 'outage', tabs: 1000 }).finish();
      near(sends, 0.67, 0.03);
      near(fine, 0.681, 0.01);
      near(recovery ?? 99, 9, 2);
    });

    /** @type {[import('../../www/outage/contenders.js').Id, Partial<Storm>, number, number, number][]} */
    const cases = [
      ['naive', { fault: 'outage' }, 3.99, 0.03, 0.669],
      ['aws', { fault: 'outage' }, 2.91, 0.05, 0.669],
      ['ours', { fault: 'brown-out', seconds: 60 }, 0.49, 0.05, 0.535],
      ['aws', { fault: 'brown-out', seconds: 60, tabs: 200 }, 2.17, 0.1, 0.48],
      ['naive', { fault: 'brown-out', seconds: 60, tabs: 200 }, 3.91, 0.05, 0.012],
      ['ours', { fault: 'limit', seconds: 60 }, 0.91, 0.06, 0.828],
      ['ours', { fault: 'outage', tabs: 100, rate: 2 }, 0.22, 0.03, 0.684],
    ];
    for (const [id, storm, sends, tolerance, fine] of cases) {
      test(`${id}, ${JSON.stringify(storm)}`, () => {
        const found = start(id, storm).finish();
        near(found.sends, sends, tolerance);
        near(found.fine, fine, 0.02);
      });
    }
  });
});

describe('a storm in a link', () => {
  test('comes back as it was', () => {
    /** @type {Storm} */
    const storm = { fault: 'brown-out', seconds: 45, tabs: 250, rate: 1.3, seed: 0, policy: 'patient' };
    assert.deepEqual(read(write(storm)), storm);
    assert.equal(write(USUAL), 'seed=7');
    assert.deepEqual(read('seed=7'), USUAL);
  });

  test('is as usual where it does not fit', () => {
    for (const text of ['', 'fault=constructor&policy=aws_standard', 'tabs=99&seconds=4&rate=0.05&seed=-1', 'tabs=1e3&seconds=NaN&rate=Infinity&seed=0x7', 'tabs=1000000&seconds=30.5&rate=0.55&seed=1000000', '%&=&&__proto__=1']) {
      assert.deepEqual(read(text), USUAL, text);
    }
  });

  test('numbers are those that a knob takes', () => {
    assert.equal(number('rate', '0,3'), 0.3);
    assert.equal(number('tabs', ' 1000 '), 1000);
    for (const text of ['', '1e2', '100.5', '1001', 'x', '-200']) assert.equal(number('tabs', text), null, text);
  });
});
