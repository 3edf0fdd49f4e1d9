// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHeaders, parseMessage, printMessage } from '../../www/paste/message.js';

/** @type {[string, string, Partial<import('../../www/paste/message.js').Message>][]} */
const CASES = [
  ['curl -i', 'HTTP/2 429 \r\nretry-after: 20\r\n\r\n{"a":1}', { status: 429, headers: [['retry-after', '20']], body: '{"a":1}', problems: [] }],
  ['a bare status', '503', { status: 503, headers: [], body: '' }],
  ['a body with blank lines', 'HTTP/1.1 500 Oops\n\none\n\ntwo', { status: 500, body: 'one\n\ntwo' }],
  ['the command above it', '$ curl -i -X DELETE https://api.rooom.com/v1/spaces/8\nHTTP/1.1 404 Not Found\n\n', { status: 404, method: 'DELETE', url: 'https://api.rooom.com/v1/spaces/8' }],
  ['a redirect that was followed', 'HTTP/1.1 301 Moved\nlocation: /b\n\n<html>moved</html>\nHTTP/1.1 503 Busy\nretry-after: 2\n\nbusy', { status: 503, headers: [['retry-after', '2']], body: 'busy' }],
  ['100 Continue first', 'HTTP/1.1 100 Continue\n\nHTTP/1.1 413 Too Large\n\n', { status: 413 }],
  ['a status line inside the body', 'HTTP/1.1 502 Bad Gateway\n\nupstream said:\n\nHTTP/1.1 200 OK', { status: 502, body: 'upstream said:\n\nHTTP/1.1 200 OK' }],
  [
    'curl -v',
    '* Connected\n> POST /orders?x=1 HTTP/1.1\n> Host: shop.example\n> \n{ [5 bytes data]\n< HTTP/1.1 500 Oops\n< content-type: text/html\n< \n<html>\n* Connection left\n</html>',
    { status: 500, headers: [['content-type', 'text/html']], body: '<html>\n</html>', method: 'POST', url: 'https://shop.example/orders?x=1' },
  ],
];

for (const [name, text, expected] of CASES) {
  test(`reads ${name}`, () => {
    const message = parseMessage(text);
    for (const [member, value] of Object.entries(expected)) assert.deepEqual(Reflect.get(message, member), value, member);
  });
}

test('says what it does not understand', () => {
  assert.equal(parseMessage('{"error":"x"}').status, null);
  assert.match(parseMessage('{"error":"x"}').problems.join(), /status line/);
  assert.match(parseMessage('').problems.join(), /status line/);
  assert.deepEqual(parseMessage('HTTP/1.1 429\nretry-after: 1\nnonsense\n\n').problems, ['Line 3 is left out: it does not read “name: value”.']);
  assert.deepEqual(parseHeaders('a: b\n\nc d: e').problems, ['Line 3 is left out: it does not read “name: value”.']);
});

test('prints what it reads', () => {
  const message = { status: 429, headers: /** @type {[string, string][]} */ ([['retry-after', '20'], ['x-a', 'b: c']]), body: '{\n\n}' };
  const { status, headers, body } = parseMessage(printMessage(message));
  assert.deepEqual({ status, headers, body }, message);
});
