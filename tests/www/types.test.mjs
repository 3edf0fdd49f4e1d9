// @ts-check
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** @param {string} path */
const at = (path) => fileURLToPath(new URL(path, import.meta.url));

for (const [what, project] of [
  ['the page and its tests', './tsconfig.json'],
  ['its worker', './tsconfig.worker.json'],
]) {
  test(`types of ${what}`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [at('../../node_modules/typescript/bin/tsc'), '--project', at(project)], { encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  });
}
