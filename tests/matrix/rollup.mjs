// @ts-check
import { SHOW, esm } from './kit/index.mjs';

export const name = 'Rollup';
export const packages = { rollup: '4.68.7', '@rollup/plugin-node-resolve': '16.0.3' };

const CONFIG = `import resolve from '@rollup/plugin-node-resolve';
export default { input: 'app.js', plugins: [resolve({ browser: true })], output: { dir: 'dist', format: 'es' } };`;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(SHOW), 'rollup.config.mjs': CONFIG });
  await kit.run(await kit.node(), [kit.tool('rollup/dist/bin/rollup'), '--config', '--failAfterWarnings']);
  await kit.bundled('dist/app.js');
}
