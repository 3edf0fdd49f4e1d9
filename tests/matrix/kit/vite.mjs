// @ts-check
import { SHOW, esm, html } from './index.mjs';

const SERVER = `import { createServer } from 'vite';
const server = await createServer({ server: { host: '127.0.0.1', port: 0 } });
await server.listen();
console.log('at ' + server.httpServer.address().port);`;

/** Vite's dev server, of whatever version is installed. @param {import('./index.mjs').Kit} kit */
export async function serveByVite(kit) {
  await kit.write({ 'app.js': esm(SHOW), 'index.html': html('<script type="module" src="/app.js"></script>'), 'dev.mjs': SERVER });
  const [, port] = await kit.start(await kit.node(), ['dev.mjs'], /^at (\d+)$/m);
  await kit.page('Chromium', `http://127.0.0.1:${port}/`);
}
