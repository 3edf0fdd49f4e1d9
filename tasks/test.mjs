// @ts-check
/** `npm test`: all suites, one after the other; the last line counts. */
import { packages, toolchain } from './setup.mjs';
import { message, script, seconds } from './step.mjs';
import { SUITES } from './suites.mjs';
import { vectors } from './tally.mjs';

/**
 * Every runner has to run the same number of vectors.
 * @param {Map<string, import('./tally.mjs').Tally[]>} runners
 * @returns {boolean}
 */
function compare(runners) {
  const lines = [...runners].flatMap(([name, tallies]) => (tallies.length ? tallies.map((t) => ({ name, ...t })) : [{ name, passed: 0, failed: 0 }]));
  const width = Math.max(...lines.map(({ name }) => name.length));
  console.log('\nThe same vectors, by runner');
  for (const { name, passed, failed } of lines) console.log(`  ${name.padEnd(width)}  ${String(passed).padStart(5)} passed ${String(failed).padStart(5)} failed`);
  const counts = new Set(lines.map(({ passed, failed }) => passed + failed));
  const agree = counts.size === 1 && !counts.has(0) && lines.every(({ failed }) => failed === 0);
  if (!agree) console.log('  The runners did not all run the same vectors, or some failed.');
  return agree;
}

await script(import.meta.url, async () => {
  /** @type {string[]} */
  const only = process.argv.slice(2);
  const suites = SUITES.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)));
  if (suites.length === 0) throw new Error(`No such suite. There are: ${SUITES.map(({ name }) => name).join(', ')}`);

  await toolchain();
  await packages();
  let passed = 0;
  let failed = 0;
  const runners = new Map();
  const summary = [];
  for (const [index, suite] of suites.entries()) {
    console.log(`\n== ${index + 1}/${suites.length} ${suite.name}`);
    const started = performance.now();
    let outcome = { passed: 0, failed: 1, output: '' };
    try {
      outcome = await suite.run();
    } catch (error) {
      console.log(message(error));
    }
    if (suite.vectors) runners.set(suite.vectors, vectors(outcome.output));
    passed += outcome.passed;
    failed += outcome.failed;
    summary.push(`  ${outcome.failed ? 'FAILED' : 'ok    '} ${suite.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${seconds(started)}`);
    console.log(`${summary[summary.length - 1].trim()}`);
  }
  if (runners.size > 0) {
    if (compare(runners)) passed++;
    else failed++;
  }
  console.log(`\nSuites\n${summary.join('\n')}\n\n${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});
