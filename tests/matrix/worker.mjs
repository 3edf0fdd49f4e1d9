// @ts-check
import { esm, html } from './kit/index.mjs';

export const name = 'A module Worker';

const PAGE = `const worker = new Worker('/worker.js', { type: 'module' });
worker.onmessage = ({ data }) => { globalThis.outcome = data; };
worker.onerror = (event) => { globalThis.outcome = { error: event.message || 'the worker did not start' }; };
worker.postMessage(location.hash.slice(1));`;

const WORKER = `onmessage = ({ data }) => check(api, data).then((facts) => postMessage({ facts }), (error) => postMessage({ error: String(error?.stack ?? error) }));`;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'page.js': PAGE, 'worker.js': esm(WORKER, '/node_modules/reprieve/dist/index.js'), 'index.html': html('<script type="module" src="/page.js"></script>') });
  await kit.bothBrowsers(await kit.serve());
}
