// @ts-check
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @param {...string} parts */
export const at = (...parts) => join(ROOT, ...parts);

/** Programs that the tasks build or install. */
export const TOOLS = at('target', 'tools', 'bin');

export const EXE = process.platform === 'win32' ? '.exe' : '';
