// @ts-check
// Simulates a storm aside, so that the page stays quick. The page ends it with `terminate()`.

import { init } from '../built/reprieve.js';
import { contenders } from './contenders.js';
import { Run } from './model.js';
import { endOf } from './storm.js';

/** @typedef {import('./contenders.js').Id} Id */

// What the simulated tabs learn must not reach the real ones of this page, nor what those learn the simulated.
Reflect.deleteProperty(globalThis, 'BroadcastChannel');

/** The picture moves so often. Milliseconds. */
const UPDATE_MS = 50;

const worker = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (self));
/** @param {import('./model.js').News} news */
const tell = (news) => worker.postMessage(news);

worker.addEventListener('message', ({ data }) => void simulate(data).catch(reportError));

/** @param {import('./storm.js').Storm} storm */
async function simulate(storm) {
  await init();
  const runs = contenders(storm.policy).map((contender) => ({ id: contender.id, run: new Run(storm, contender) }));
  /** @template T @param {(run: Run) => T} read */
  const each = (read) => /** @type {Record<Id, T>} */ (Object.fromEntries(runs.map(({ id, run }) => [id, read(run)])));

  let told = 0;
  let toldAt = performance.now();
  for (let second = 1; second <= endOf(storm); second += 1) {
    for (const { run } of runs) run.advance(second);
    if (performance.now() - toldAt < UPDATE_MS && second < endOf(storm)) continue;
    const from = told;
    tell({ rows: each((run) => run.seconds.slice(from, second)) });
    told = second;
    toldAt = performance.now();
  }
  tell({ results: each((run) => run.finish()) });
}
