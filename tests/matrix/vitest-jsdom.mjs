// @ts-check
import { esm } from './kit/index.mjs';

export const name = 'Vitest, jsdom';
export const packages = { vitest: '5.1.1', vite: '8.3.8', jsdom: '31.0.1' };

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.test.mjs': `import { test } from 'vitest';\n${esm("test('matrix', async () => console.log(JSON.stringify(await check(api, process.env.MATRIX_URL))));")}` });
  await kit.prints('`import`', await kit.node(), [kit.tool('vitest/vitest.mjs'), 'run', '--reporter=verbose', '--environment=jsdom', 'app.test.mjs', '--passWithNoTests=false', '--']);
}
