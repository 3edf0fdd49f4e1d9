// @ts-check
import { SHOW, esm, html } from './kit/index.mjs';

export const name = 'Vite 7, dev server';
export const packages = { vite: '7.3.8' };

const SERVER = `import { createServer } from 'vite';
const server = await createServer({ server: { host: '127.0.0.1', port: 0 } });
await server.listen();
console.log('at ' + server.httpServer.address().port);`;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(SHOW), 'index.html': html('<script type="module" src="/app.js"></script>'), 'dev.mjs': SERVER });
  const [, port] = await kit.start(await kit.node(), ['dev.mjs'], /^at (\d+)$/m);
  await kit.page('Chromium', `http://127.0.0.1:${port}/`);
}
