// @ts-check
import { bundleByWebpack } from './kit/webpack.mjs';

export const name = 'Rspack';
export const packages = { '@rspack/core': '2.3.2' };

/** @param {import('./kit/index.mjs').Kit} kit */
export const run = (kit) => bundleByWebpack(kit, "import { rspack as bundle } from '@rspack/core';");
