// @ts-check
import { TEST, esm } from './kit/index.mjs';

export const name = 'Vitest, jsdom';
export const packages = { vitest: '5.1.1', vite: '8.3.8', jsdom: '31.0.1' };

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.test.mjs': `import { test } from 'vitest';
${esm(TEST)}` });
  await kit.tests('`import`', [kit.tool('vitest/vitest.mjs'), 'run', '--environment=jsdom', '--disable-console-intercept']);
}
