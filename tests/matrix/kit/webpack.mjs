// @ts-check
import { SHOW, esm } from './index.mjs';

/**
 * A build by webpack, or by what takes its options.
 * @param {import('./index.mjs').Kit} kit
 * @param {string} imports what brings `bundle`
 */
export async function bundleByWebpack(kit, imports) {
  const build = `${imports}
bundle({ mode: 'production', entry: './app.js', output: { path: process.cwd() + '/dist', publicPath: '/dist/' } }, (error, stats) => {
  if (error || stats.hasErrors() || stats.hasWarnings()) {
    console.error(error ?? stats.toString());
    process.exit(1);
  }
});`;
  await kit.write({ 'app.js': esm(SHOW), 'build.mjs': build });
  await kit.run(await kit.node(), ['build.mjs']);
  await kit.bundled('dist/main.js', { isClassic: true });
}
