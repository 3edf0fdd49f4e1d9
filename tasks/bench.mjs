// @ts-check
/** `npm run bench`: the time of a verdict, as a ratio to work that everybody knows, so that machines compare. */
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { must } from './command.mjs';
import { at } from './paths.mjs';
import { script } from './step.mjs';

const BODY = JSON.stringify({
  error: {
    type: 'validation_error',
    message: 'The request body did not match the schema of the module: id.number has to be a string of 13 digits, and cellphone has to be set',
    more_info: 'https://docs.rootplatform.com/reference/errors',
    trace_id: 'c0ffee00-1234-4abc-9def-0123456789ab',
    fields: { 'id.number': 'has to be a string of 13 digits', cellphone: 'is required' },
  },
});

const CALLS = 200;
const ROUNDS = 301;

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** @param {() => unknown} work microseconds per call */
function time(work) {
  const started = performance.now();
  for (let i = 0; i < CALLS; i++) work();
  return ((performance.now() - started) * 1000) / CALLS;
}

/** Through the public API of the package, warm. */
async function wasm() {
  const { classify } = await import(pathToFileURL(at('pkg', 'dist', 'index.js')).href);
  const response = { status: 400, headers: { 'content-type': 'application/json' }, body: BODY };
  if (!classify(response)) throw new Error('the body of the benchmark is not read as a failure');
  const verdict = () => classify(response);
  const parse = () => JSON.parse(BODY);
  for (let i = 0; i < 20; i++) time(verdict), time(parse);
  // One after the other, so that a slow moment of the machine hits both.
  const rounds = Array.from({ length: ROUNDS }, () => [time(verdict), time(parse)]);
  const [own, peer] = [median(rounds.map((r) => r[0])), median(rounds.map((r) => r[1]))];
  const ratio = median(rounds.map((r) => r[0] / r[1]));
  console.log(`classify, wasm in Node, ${BODY.length} bytes: ${own.toFixed(2)} us, ${ratio.toFixed(1)} x JSON.parse (${peer.toFixed(2)} us)`);
}

/** The crate by itself: examples/throughput.rs prints its own lines. */
async function native() {
  await must('cargo', ['run', '--quiet', '--release', '--example', 'throughput'], { echo: true });
}

await script(import.meta.url, async () => {
  await build();
  await wasm();
  await native();
});
