// @ts-check
import { chmod } from 'node:fs/promises';
import { PRINT, cjs, esm } from './kit/index.mjs';

/** The package with the binary: the install script of `bun` only copies it. */
const BINARY = `@oven/bun-${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}/bin/bun${process.platform === 'win32' ? '.exe' : ''}`;

export const name = 'Bun';
export const packages = { bun: '1.4.5' };

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.mjs': esm(PRINT), 'app.cjs': cjs(PRINT) });
  await chmod(kit.tool(BINARY), 0o755);
  await kit.prints('`import`', kit.tool(BINARY), ['app.mjs']);
  await kit.prints('`require`', kit.tool(BINARY), ['app.cjs']);
}
