// @ts-check
import { esm, factsIn } from './kit/index.mjs';

export const name = 'workerd, by Wrangler';
export const packages = { wrangler: '4.164.0' };

const TAIL = `export default {
  fetch: async (request) => Response.json(await check(api, new URL(request.url).searchParams.get('url'))),
};`;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(TAIL), 'wrangler.json': JSON.stringify({ name: 'app', main: 'app.js', compatibility_date: '2026-01-01' }) });
  const env = { WRANGLER_SEND_METRICS: 'false', WRANGLER_LOG_PATH: 'logs', MINIFLARE_REGISTRY_PATH: 'registry', XDG_CONFIG_HOME: kit.folder };
  const [, address] = await kit.start(await kit.node(), [kit.tool('wrangler/bin/wrangler.js'), 'dev', '--local', '--ip', '127.0.0.1', '--port', '0', '--inspector-port', '0'], /Ready on (http:\/\/\S+)/, env);
  const url = await kit.url();
  await kit.judge('`import`', url, factsIn(await (await fetch(`${address}/?url=${encodeURIComponent(url)}`)).text()), 'plain');
}
