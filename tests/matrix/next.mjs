// @ts-check
import { SHOW, esm, factsIn } from './kit/index.mjs';

export const name = 'Next, Turbopack';
export const packages = { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1' };
export const timeoutMs = 300_000;

const LAYOUT = `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}`;

const SERVER = `export const dynamic = 'force-dynamic';
export default async function Page({ searchParams }) {
  const { url } = await searchParams;
  return <pre>{JSON.stringify(await check(api, url))}</pre>;
}`;

const CLIENT = `export default function Page() {
  useEffect(() => {
    ${SHOW}
  }, []);
  return <p>client</p>;
}`;

const CONFIG = `import { join } from 'node:path';
export default { turbopack: { root: join(import.meta.dirname, '..') }, outputFileTracingRoot: join(import.meta.dirname, '..') };`;

/**
 * @param {import('./kit/index.mjs').Kit} kit
 * @param {string[]} [flags]
 */
export async function run(kit, flags = []) {
  await kit.write({
    'app/layout.js': LAYOUT,
    'app/server/page.js': esm(SERVER),
    'app/client/page.js': `'use client';\nimport { useEffect } from 'react';\n${esm(CLIENT)}`,
    'next.config.mjs': CONFIG,
  });
  const next = kit.tool('next/dist/bin/next');
  const env = { NEXT_TELEMETRY_DISABLED: '1' };
  await kit.run(await kit.node(), [next, 'build', ...flags], env);
  const [address] = await kit.start(await kit.node(), [next, 'start', '--hostname', '127.0.0.1', '--port', '0'], /http:\/\/127\.0\.0\.1:[1-9]\d*/, env);
  const url = await kit.url();
  const text = await (await fetch(`${address}/server?url=${encodeURIComponent(url)}`)).text();
  await kit.judge('server component', url, factsIn(text.match(/<pre>(.*?)<\/pre>/)?.[1].replaceAll('&quot;', '"') ?? text));
  await kit.page('client component', `${address}/client`);
}
