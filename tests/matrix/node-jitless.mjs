// @ts-check
import { NODE, cjs, esm } from './kit/index.mjs';

export const name = 'Node 24 `--jitless`: no WebAssembly at all';
export const packages = NODE[24];
export const note = "with a `fetch` from `node:http`, for Node's own is WebAssembly, too";

const TAIL = `
const fetch = (url) => new Promise((resolve, reject) => http.get(url, async (message) => {
  let text = '';
  for await (const chunk of message) text += chunk;
  resolve(new Response(text, { status: message.statusCode, headers: message.headers }));
}).on('error', reject));
check(api, process.argv.at(-1), fetch).then((facts) => console.log(JSON.stringify(facts)));`;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.mjs': `import http from 'node:http';\n${esm(TAIL)}`, 'app.cjs': `const http = require('node:http');\n${cjs(TAIL)}` });
  // The first Response makes Node load its own fetch, which complains.
  const flags = ['--jitless', '--unhandled-rejections=none'];
  await kit.prints('`import`', await kit.node(), [...flags, 'app.mjs'], 'init');
  await kit.prints('`require`', await kit.node(), [...flags, 'app.cjs'], 'init');
}
