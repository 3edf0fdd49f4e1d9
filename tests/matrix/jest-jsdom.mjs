// @ts-check
import { cjs } from './kit/index.mjs';

export const name = 'Jest, jsdom';
export const packages = { jest: '30.5.2', 'jest-environment-jsdom': '30.5.2' };
export const note = "its environment has no `fetch`: the call had Node's";

/** It has neither TextDecoder nor TextEncoder, and we add none. */
const ENVIRONMENT = `const { TestEnvironment } = require('jest-environment-jsdom');
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { fetch, Headers, Request, Response, AbortController, AbortSignal });
  }
};`;

const TEST = `test('matrix', async () => {
  expect([typeof TextDecoder, typeof TextEncoder, typeof document]).toEqual(['undefined', 'undefined', 'object']);
  console.log(JSON.stringify(await check(api, process.env.MATRIX_URL)));
});`;

/** @param {import('./kit/index.mjs').Kit} kit */
export async function run(kit) {
  await kit.write({
    'package.json': JSON.stringify({ private: true, jest: { transform: {}, testEnvironment: './environment.js' } }),
    'environment.js': ENVIRONMENT,
    'app.test.js': cjs(TEST),
  });
  await kit.tests('`require`', [kit.tool('jest/bin/jest.js'), '--runInBand', '--watchman=false']);
}
