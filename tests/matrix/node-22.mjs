// @ts-check
import { NODE, PRINT, cjs, esm } from './kit/index.mjs';

export const name = 'Node 22';
export const packages = NODE[22];

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.mjs': esm(PRINT), 'app.cjs': cjs(PRINT) });
  await kit.prints('`import`', await kit.node(22), ['app.mjs']);
  await kit.prints('`require`', await kit.node(22), ['app.cjs']);
}
