// @ts-check
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** @param {number} since from `performance.now()` */
export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Says what is being done, does it, and says how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const started = performance.now();
  process.stdout.write(`${what} ... `);
  try {
    const result = await work();
    process.stdout.write(`${seconds(started)}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`failed after ${seconds(started)}\n`);
    throw error;
  }
}

/** @param {unknown} error */
export const message = (error) => (error instanceof Error ? error.message : String(error));

/**
 * Runs `main` where its module is the program. An error ends the program with its message and no stack.
 * @param {string} url the module's `import.meta.url`
 * @param {() => Promise<void>} main
 */
export async function script(url, main) {
  if (url !== pathToFileURL(realpathSync(process.argv[1])).href) return;
  try {
    await main();
  } catch (error) {
    console.error(`\n${message(error)}`);
    process.exitCode = 1;
  }
}
