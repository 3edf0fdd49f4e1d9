// @ts-check
import { SHOW, esm, html } from './kit/index.mjs';

export const name = 'Parcel';
export const packages = { parcel: '2.16.4' };
export const note = 'not under a policy: the page that Parcel writes has an inline import map';

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(SHOW), 'index.html': html('<script type="module" src="./app.js"></script>') });
  await kit.run(await kit.node(), [kit.tool('parcel/lib/bin.js'), 'build', 'index.html', '--no-cache', '--cache-dir', 'cache', '--dist-dir', 'dist']);
  await kit.page('Chromium', await kit.serve('dist'));
}
