// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at } from '../../tasks/paths.mjs';
import { matches } from '../../www/apis/search.js';

/** @type {import('../../www/apis/search.js').Api[]} */
const apis = JSON.parse(readFileSync(at('www', 'built', 'apis.json'), 'utf8'));

/** @param {string} query */
const found = (query) => apis.filter((api) => matches(api, query)).map(({ id }) => id);

test('finds an API by its name, its id, and its host', () => {
  assert.deepEqual(found('stripe'), ['stripe']);
  assert.deepEqual(found('STRIPE'), ['stripe']);
  assert.deepEqual(found('problem-json'), ['problem-json']);
  assert.deepEqual(found('api.rooom.com'), ['rooom']);
  assert.deepEqual(found('https://api.stripe.com/v1/charges?x=1'), ['stripe']);
  assert.deepEqual(found('shop.myshopify.com'), ['shopify']);
  assert.deepEqual(found('graph.microsoft.com'), ['msgraph']);
  assert.ok(found('api.openai.com').includes('openai'));
});

test('each word has to fit, and what fits nothing finds nothing', () => {
  assert.deepEqual(found('aws waf'), ['aws-waf']);
  assert.deepEqual(found('stripe github'), []);
  assert.deepEqual(found('no such api'), []);
  assert.deepEqual(found('com'), apis.filter(({ id, name, hosts }) => [id, name, ...hosts].join(' ').toLowerCase().includes('com')).map(({ id }) => id));
});
