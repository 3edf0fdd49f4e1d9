// @ts-check
import { spawn } from 'node:child_process';
import { ROOT } from './paths.mjs';

/**
 * @typedef {object} Result
 * @property {number} code exit code; -1 where the program could not be started
 * @property {string} output stdout and stderr, in the order of arrival
 *
 * @typedef {object} Options
 * @property {Record<string, string>} [env] added to the environment
 * @property {boolean} [echo] show the output while it arrives
 * @property {string} [cwd]
 */

/**
 * Runs a program to its end. Never rejects.
 * @param {string} program
 * @param {string[]} parameters
 * @param {Options} [options]
 * @returns {Promise<Result>}
 */
export function run(program, parameters, { env = {}, echo = false, cwd = ROOT } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const chunks = [];
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      chunks.push(chunk);
      if (echo) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ code: -1, output: `${program}: ${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? -1, output: Buffer.concat(chunks).toString() }));
  });
}

/**
 * Runs a program that has to succeed, and gives its output.
 * @param {string} program
 * @param {string[]} parameters
 * @param {Options} [options]
 */
export async function must(program, parameters, options) {
  const { code, output } = await run(program, parameters, options);
  if (code !== 0) {
    const shown = options?.echo ? '' : `\n${output.trimEnd()}`;
    throw new Error(`\`${program} ${parameters.join(' ')}\` failed (${code})${shown}`);
  }
  return output;
}

/**
 * npm, as the npm that runs this script where there is one.
 * @param {string[]} parameters
 * @param {Options} [options]
 */
export function npm(parameters, options) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? must(process.execPath, [script, ...parameters], options)
    : must('npm', parameters, options);
}
