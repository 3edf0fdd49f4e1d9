// @ts-check
/** A dialect that a visitor writes: its problems with their places, its examples, and how it is put to use. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Validator } from '@cfworker/json-schema';
import { at } from '../../tasks/paths.mjs';
import { ACME } from '../../www/apis/acme.js';
import { locate, MAX_CHARACTERS, readDraft } from '../../www/apis/draft.js';
import { judge } from '../../www/apis/evidence.js';
import { usage } from '../../www/apis/usage.js';
import { explain } from '../../www/apis/violations.js';

const FOLDER = at('src', 'dialects');
const schema = JSON.parse(readFileSync(at('src', 'dialects', 'schema.json'), 'utf8'));
const validator = new Validator(schema, '2020-12', false);

/** @param {unknown} value */
const violations = (value) => explain(validator.validate(value).errors, schema).map(({ pointer, reason }) => `${pointer}: ${reason}`);

describe('syntax', () => {
  /** @type {[string, string, [number, number][], RegExp][]} line and column of each problem */
  const cases = [
    ['a comma too many', '{\n  "id": "a",\n}', [[3, 1]], /A comma too many/],
    ['a comma too few', '{"a": 1\n"b": 2}', [[2, 1]], /A comma is expected/],
    ['a comment', '{\n  // mine\n  "id": "a"\n}', [[2, 3]], /no comments/],
    ['single quotes', "{'id': 1}", [[1, 2]], /double quotes/],
    ['a text that does not end', '{"id": "a\n}', [[1, 8]], /ends with a double quote/],
    ['nothing', '', [[1, 1]], /A value is expected/],
    ['two values', '{} {}', [[1, 4]], /ended already/],
    ['no end', '{"match": [', [[1, 12]], /missing|expected/],
  ];
  for (const [name, text, places, words] of cases) {
    test(name, () => {
      const { value, problems } = readDraft(text);
      assert.equal(value, undefined);
      assert.deepEqual(problems.map(({ line, column }) => [line, column]), places);
      assert.match(problems[0].reason, words);
    });
  }

  test('what JSON.parse refuses is refused with a place, and nothing else', () => {
    for (const text of ['{"a":01}', '{"a":.5}', '[1,,2]', '{"a":NaN}', '{"a":"\t"}', '{"a":"\\x"}', '{"a":"\\u12"}', '\ufeff{}', '{"a":1e}', 'nul', '{a:1}', '"a" ', '{"__proto__":{}}', ' [ ] ', '-0', '1E5']) {
      let fits = true;
      try {
        JSON.parse(text);
      } catch {
        fits = false;
      }
      assert.equal(readDraft(text).problems.length === 0, fits, text);
    }
  });

  test('too long, or too deep, is not read at all', () => {
    assert.match(readDraft(`"${'x'.repeat(MAX_CHARACTERS)}"`).problems[0].reason, /^Longer than 80,000 characters/);
    assert.match(readDraft('x'.repeat(1_000_000)).problems[0].reason, /^Longer/);
    assert.match(readDraft('['.repeat(50_000)).problems[0].reason, /^Nested/);
    assert.match(readDraft(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`).problems[0].reason, /^Nested/);
    assert.equal(readDraft(`"${'[{'.repeat(1000)}"`).problems.length, 0);
  });
});

describe('the schema', () => {
  test('of alternatives of which none fits, the one that was meant, or all in one sentence', () => {
    assert.deepEqual(violations({ id: 'a', match: [{}], code: ['x', 7, { after: 'x' }, { from: 'y', zzz: 1 }] }), [
      '/match/0: expected at least one of "host", "statuses", "headers", "body"',
      '/code/0: expected "" or "/json/pointer" or "header:name"',
      '/code/1: expected a text or an object',
      '/code/2: the member "from" is missing',
      '/code/3/from: expected "" or "/json/pointer" or "header:name"',
      '/code/3/zzz: unknown member; expected one of from, after, before, trim, except',
    ]);
    assert.deepEqual(violations({ id: 'a', match: [{ body: { '/a%b/ü~1': 'foo' } }], examples: [{ name: 'n', source: 'https://a', status: 99, expect: { kind: 'invalid_request', cod: 1 } }] }), [
      '/match/0/body/~1a%b~1ü~01: expected one of string, number, object, array, any or "=literal"',
      '/examples/0/status: expected a number from 100 on',
      '/examples/0/expect/cod: unknown member; expected one of kind, code, message, fields, requestId, docsUrl, retryAfterMs, transient, shouldRetry, advice',
    ]);
    assert.match(violations({ id: 'a', kinds: { slow: ['a'] } }).join(), /^\/kinds\/slow: expected one of invalid_request, /);
  });

  test('of the whole', () => {
    assert.deepEqual(violations([]), [': expected an object']);
    assert.deepEqual(violations({}), [': the member "id" is missing']);
    assert.match(violations(JSON.parse('{"id":"a","__proto__":1}')).join(), /^\/__proto__: unknown member/);
  });

  test('every built-in dialect fits', () => {
    for (const { name, text } of builtIn()) {
      const { value, problems } = readDraft(text);
      assert.deepEqual([problems, violations(value)], [[], []], name);
    }
  });
});

test('problems are put where they are in the text, in its order', () => {
  const text = '{\n  "id": "a",\n  "match": [\n    { "body": { "/a/b": "string", "x": "any" } }\n  ],\n  "frob": 1,\n  "code": ["y"]\n}';
  const { value, tree } = readDraft(text);
  const found = locate(text, tree, explain(validator.validate(value).errors, schema));
  assert.deepEqual(found.map(({ line, pointer }) => [line, pointer]), [[4, '/match/0/body/x'], [6, '/frob'], [7, '/code/0']]);
  assert.deepEqual(found.map(({ start, end }) => text.slice(start, end)), ['"any"', '1', '"y"']);
  // A name that is there twice: JSON.parse takes the last.
  const twice = '{"id": "a",\n"code": [],\n"code": 7}';
  assert.deepEqual(locate(twice, readDraft(twice).tree, [{ pointer: '/code', reason: '' }]).map(({ line }) => line), [3]);
});

describe('the examples', () => {
  test('of every built-in dialect come out as they say', () => {
    let seen = 0;
    for (const { name, text } of builtIn()) {
      const dialect = JSON.parse(text);
      const results = judge(dialect);
      assert.equal(results.length, dialect.examples.length, name);
      assert.deepEqual(results.filter(({ differences }) => differences.length > 0), [], name);
      seen += results.length;
    }
    assert.ok(seen > 800, String(seen));
  });

  test('what differs is told by member', () => {
    const acme = JSON.parse(ACME);
    assert.deepEqual(judge(acme).map(({ differences }) => differences), [[], []]);
    Object.assign(acme.examples[0].expect, { kind: 'timeout', advice: { steps: ['slow_down'], minDelayMs: null }, fields: [{ path: 'a', message: null, code: null }] });
    acme.examples[1].expect = null;
    const [first, second] = judge(acme).map(({ differences }) => differences);
    assert.deepEqual(first.map(({ member, got }) => [member, got]), [['kind', 'unavailable'], ['advice.steps', ['retry_later']], ['fields', []]]);
    assert.equal(second[0].member, '');
    // Read by another dialect, or by none, it is no evidence.
    const stranger = { ...JSON.parse(ACME), match: [{ host: 'other.example' }] };
    assert.deepEqual(judge(stranger)[0].differences[0], { member: 'dialect', expected: 'acme', got: null });
  });

  test('what cannot be run is left out', () => {
    const good = { name: 'n', status: 400, expect: { kind: 'invalid_request' } };
    const bad = [null, 7, [], { ...good, status: 99 }, { ...good, status: '400' }, { ...good, headers: { 'a b': 'c' } }, { ...good, headers: { a: 1 } }, { ...good, host: 1 }, { ...good, nowMs: -1 }, { ...good, expect: 'x' }, { ...good, headers: null }];
    const dialect = /** @type {any} */ ({ id: 'a', match: [{ statuses: [400] }], examples: [...bad, good, { ...good, headers: { a: 'b\nc' }, host: 'a b/\\', body: null }] });
    assert.equal(judge(dialect).length, 2);
    assert.deepEqual(judge(/** @type {any} */ ({ ...dialect, examples: 'x' })), []);
    const hostile = JSON.parse('{"id":"a","match":[{"statuses":[400]}],"examples":[{"name":"n","status":400,"expect":{"__proto__":{"a":1},"constructor":1}}]}');
    assert.deepEqual(judge(hostile)[0].differences.map(({ member, got }) => [member, got]), [['__proto__', undefined], ['constructor', undefined]]);
  });
});

test('the lines that use it are a program, whatever its id', () => {
  assert.match(usage('acme'), /import acme from '\.\/acme\.json' with/);
  assert.match(usage('my-shop.v2'), /import myShopV2 from '\.\/my-shop\.v2\.json'[^]*dialects: \[myShopV2\]/);
  for (const id of ['', "x'; alert(1)//", '../../etc', '7up', 'ä', 'new', 'fetch', 'default']) assert.match(usage(id), /import dialect from '\.\/[\w-]+\.json'[^]*dialects: \[dialect\]/, id);
});

function builtIn() {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && name !== 'schema.json');
  return names.map((name) => ({ name, text: readFileSync(`${FOLDER}/${name}`, 'utf8') }));
}
