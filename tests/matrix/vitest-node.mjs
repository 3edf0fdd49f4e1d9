// @ts-check
import { TEST, esm } from './kit/index.mjs';

export const name = 'Vitest, node';
export const packages = { vitest: '5.1.1', vite: '8.3.8' };
export const fast = true;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.test.mjs': `import { test } from 'vitest';
${esm(TEST)}` });
  await kit.tests('`import`', [kit.tool('vitest/vitest.mjs'), 'run', '--environment=node', '--disable-console-intercept']);
}
