// @ts-check
import { SHOW, esm } from './kit/index.mjs';

export const name = 'esbuild, ESM';
export const packages = { esbuild: '0.28.2' };
export const fast = true;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(SHOW) });
  await kit.run(await kit.node(), [kit.tool('esbuild/bin/esbuild'), 'app.js', '--bundle', '--minify', '--format=esm', '--splitting', '--outdir=dist']);
  await kit.bundled('dist/app.js');
}
