// @ts-check
import { SHOW, esm } from './kit/index.mjs';

export const name = 'webpack 5';
export const packages = { webpack: '5.112.2' };

const BUILD = `import webpack from 'webpack';
webpack({ mode: 'production', entry: './app.js', output: { path: process.cwd() + '/dist', publicPath: '/dist/' } }, (error, stats) => {
  if (error || stats.hasErrors() || stats.hasWarnings()) {
    console.error(error ?? stats.toString());
    process.exit(1);
  }
});`;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({ 'app.js': esm(SHOW), 'build.mjs': BUILD });
  await kit.run(await kit.node(), ['build.mjs']);
  await kit.bundled('dist/main.js', { isClassic: true });
}
