// @ts-check
import { chmod } from 'node:fs/promises';
import { PRINT, esm } from './kit/index.mjs';

/** The package with the binary: the install script of `deno` only copies it. */
const BINARY = `@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}/deno${process.platform === 'win32' ? '.exe' : ''}`;

export const name = 'Deno';
export const packages = { deno: '2.9.6' };
export const note = '`--allow-net` is the only permission';

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.mjs': esm(PRINT.replace('process.argv', 'Deno.args')) });
  await chmod(kit.tool(BINARY), 0o755);
  await kit.prints('`import`', kit.tool(BINARY), ['run', '--no-prompt', '--allow-net', 'app.mjs']);
}
