// @ts-check
import { SHOW, esm } from './kit/index.mjs';

export const name = 'Rolldown';
export const packages = { rolldown: '1.3.2' };

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(SHOW) });
  await kit.run(await kit.node(), [kit.tool('rolldown/bin/cli.mjs'), 'app.js', '--dir', 'dist', '--platform', 'browser', '--minify']);
  await kit.bundled('dist/app.js');
}
