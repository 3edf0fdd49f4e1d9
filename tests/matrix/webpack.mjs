// @ts-check
import { bundleByWebpack } from './kit/webpack.mjs';

export const name = 'webpack 5';
export const packages = { webpack: '5.112.2' };

/** @param {import('./kit/index.mjs').Kit} kit */
export const run = (kit) => bundleByWebpack(kit, "import bundle from 'webpack';");
