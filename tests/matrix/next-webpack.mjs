// @ts-check
import * as next from './next.mjs';

export const name = 'Next, webpack';
export const { packages, timeoutMs } = next;

/** @param {import('./kit/index.mjs').Kit} kit */
export const run = (kit) => next.run(kit, ['--webpack']);
