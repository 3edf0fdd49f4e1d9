// @ts-check
/** What the output of a test program says about passes and failures. */

/**
 * @typedef {{ passed: number, failed: number }} Tally
 */

/**
 * The sum of a pattern's two groups, passed and failed, over all its matches.
 * @param {string} output
 * @param {RegExp} pattern
 * @returns {Tally}
 */
function sum(output, pattern) {
  let passed = 0;
  let failed = 0;
  for (const match of output.matchAll(pattern)) {
    passed += Number(match[1]);
    failed += Number(match[2]);
  }
  return { passed, failed };
}

/**
 * A program that fails without a failed test, or that runs no test, counts as one failure.
 * @param {Tally} tally
 * @param {number} code the program's exit code
 * @returns {Tally}
 */
function honest({ passed, failed }, code) {
  const silent = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: silent ? 1 : failed };
}

/**
 * libtest, doctests and wasm-bindgen-test: `test result: ok. 3 passed; 0 failed; ...`.
 * @param {import('./command.mjs').Result} result
 */
export const rust = ({ code, output }) => honest(sum(output, /^test result: .*?(\d+) passed; (\d+) failed/gm), code);

/**
 * node:test in TAP, which says `# pass 3`, `# fail 0`, `# cancelled 0` at its end.
 * @param {string} tap
 * @param {number} code
 */
export function node(tap, code) {
  /** @param {string} name */
  const count = (name) => Number([...tap.matchAll(new RegExp(`^# ${name} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  return honest({ passed: count('pass'), failed: count('fail') + count('cancelled') }, code);
}

/**
 * The lines `vectors: 12 passed, 0 failed`.
 * @param {string} output
 * @returns {Tally[]}
 */
export const vectors = (output) =>
  [...output.matchAll(/^\s*vectors: (\d+) passed, (\d+) failed$/gm)].map((match) => ({ passed: Number(match[1]), failed: Number(match[2]) }));
