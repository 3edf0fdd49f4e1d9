// @ts-check
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * A folder in which the package is installed, for modules that import `reprieve` by its name.
 *
 * @param {string} name the start of the folder's name in target/
 */
export async function installed(name) {
  await mkdir(join(ROOT, 'target'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'target', `${name}-`));
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(ROOT, 'pkg'), join(folder, 'node_modules', 'reprieve'), 'junction');
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
