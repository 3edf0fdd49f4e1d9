// @ts-check
import { esm, html } from './kit/index.mjs';

export const name = 'A module Service Worker';

const PAGE = `navigator.serviceWorker.onmessage = ({ data }) => { globalThis.outcome = data; };
navigator.serviceWorker.register('/worker.js', { type: 'module' }).then(async () => {
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage(location.hash.slice(1));
}).catch((error) => { globalThis.outcome = { error: String(error) }; });`;

const WORKER = `addEventListener('message', (event) => {
  const say = (outcome) => event.source.postMessage(outcome);
  event.waitUntil(check(api, event.data).then((facts) => say({ facts }), (error) => say({ error: String(error?.stack ?? error) })));
});`;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'page.js': PAGE, 'worker.js': esm(WORKER, '/node_modules/reprieve/dist/index.js'), 'index.html': html('<script type="module" src="/page.js"></script>') });
  await kit.bothBrowsers(await kit.serve());
}
