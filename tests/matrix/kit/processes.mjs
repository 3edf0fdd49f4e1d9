// @ts-check
/** Programs of one environment, which end with it: each is a process group of its own. */
import { spawn } from 'node:child_process';
import { basename } from 'node:path';

export class Processes {
  /** @type {Set<import('node:child_process').ChildProcess>} */
  #running = new Set();

  /**
   * @param {string} program
   * @param {string[]} parameters
   * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
   * @param {(output: string, code: number | null) => void} heard with all output so far; `code` once it has ended
   */
  #spawn(program, parameters, options, heard) {
    const child = spawn(program, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' });
    this.#running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => heard((output += text), null));
    child.on('error', (error) => heard(`${output}${error.message}`, -1));
    child.on('close', (code) => {
      this.#running.delete(child);
      heard(output, code ?? -1);
    });
  }

  /**
   * Runs to the end, which has to be 0. Gives the output.
   * @param {string} program
   * @param {string[]} parameters
   * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
   * @returns {Promise<string>}
   */
  run(program, parameters, options) {
    return new Promise((resolve, reject) => {
      this.#spawn(program, parameters, options, (output, code) => {
        if (code === 0) resolve(output);
        else if (code !== null) reject(new Error(`${basename(program)} ended with ${code}\n${output.trim()}`));
      });
    });
  }

  /**
   * Starts what does not end. Gives the first match in its output.
   * @param {string} program
   * @param {string[]} parameters
   * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
   * @param {RegExp} pattern
   * @returns {Promise<RegExpMatchArray>}
   */
  start(program, parameters, options, pattern) {
    return new Promise((resolve, reject) => {
      this.#spawn(program, parameters, options, (output, code) => {
        const match = output.replace(/\x1b\[[\d;]*m/g, '').match(pattern);
        if (match) resolve(match);
        else if (code !== null) reject(new Error(`${basename(program)} ended with ${code}\n${output.trim()}`));
      });
    });
  }

  /** Ends all of them. */
  async close() {
    const ended = [...this.#running].map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const { pid } of this.#running) {
      try {
        if (pid) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    }
    await Promise.all(ended);
  }
}
