// @ts-check
import { SHOW, STRICT, esm, html } from './kit/index.mjs';

export const name = 'Vite 8, build';
export const packages = { vite: '8.3.8' };
export const fast = true;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(SHOW), 'index.html': html('<script type="module" src="/app.js"></script>') });
  await kit.run(await kit.node(), [kit.tool('vite/bin/vite.js'), 'build']);
  await kit.page('Chromium', await kit.serve('dist'));
  await kit.page(`\`${STRICT}\``, await kit.serve('dist', STRICT), { core: 'init' });
}
