// @ts-check
import { NODE, PRINT, cjs, esm } from './kit/index.mjs';

export const name = 'Node 24';
export const packages = NODE[24];
export const fast = true;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.mjs': esm(PRINT), 'app.cjs': cjs(PRINT) });
  await kit.prints('`import`', await kit.node(24), ['app.mjs']);
  await kit.prints('`require`', await kit.node(24), ['app.cjs']);
}
