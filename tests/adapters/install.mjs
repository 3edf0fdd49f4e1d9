// @ts-check
/** The libraries at their versions in target/adapters, and the package beside them as npm would put it there. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { npm } from '../../tasks/command.mjs';
import { at } from '../../tasks/paths.mjs';

export const FOLDER = at('target', 'adapters');

export async function install() {
  await mkdir(FOLDER, { recursive: true });
  const lock = await readFile(at('tests', 'adapters', 'package-lock.json'), 'utf8');
  const done = at('target', 'adapters', 'node_modules', 'installed');
  if ((await readFile(done, 'utf8').catch(() => '')) !== lock) {
    for (const name of ['package.json', 'package-lock.json']) await cp(at('tests', 'adapters', name), at('target', 'adapters', name));
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER });
    await writeFile(done, lock);
  }
  const own = at('target', 'adapters', 'node_modules', 'reprieve');
  await rm(own, { recursive: true, force: true });
  await mkdir(own);
  for (const name of ['package.json', 'dist']) await cp(at('pkg', name), at('target', 'adapters', 'node_modules', 'reprieve', name), { recursive: true });
  await writeFile(at('target', 'adapters', 'load.mjs'), 'export const load = (name) => import(name);\n');
}
