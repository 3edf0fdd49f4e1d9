// @ts-check
import { TEST, cjs } from './kit/index.mjs';

export const name = 'Jest, node';
export const packages = { jest: '30.5.2', 'jest-environment-jsdom': '30.5.2' };

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  // Jest runs CommonJS, as it comes.
  await kit.write({
    'package.json': JSON.stringify({ private: true, jest: { transform: {}, testEnvironment: 'node' } }),
    'app.test.js': cjs(TEST),
  });
  await kit.tests('`require`', [kit.tool('jest/bin/jest.js'), '--runInBand', '--watchman=false']);
}
