// @ts-check
import { SHOW, esm, html } from './kit/index.mjs';

export const name = 'A page without a bundler';
export const fast = true;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(SHOW, '/node_modules/reprieve/dist/index.js'), 'index.html': html('<script type="module" src="/app.js"></script>') });
  await kit.bothBrowsers(await kit.serve());
}
