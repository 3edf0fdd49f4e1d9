// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from '../../pkg/utf8.js';

/** Without the platform's own, as in Jest's jsdom. @template T @param {() => T} work */
function bare(work) {
  const { TextDecoder, TextEncoder } = globalThis;
  try {
    Object.assign(globalThis, { TextDecoder: undefined, TextEncoder: undefined });
    return work();
  } finally {
    Object.assign(globalThis, { TextDecoder, TextEncoder });
  }
}

test('text without a TextEncoder', () => {
  for (const text of ['', 'abc', 'Größe €', '😀', '\ud800', 'a\udc00\ud83d\ude00\ud83d', '\u0000\ufeff\uffff%']) {
    assert.deepEqual([...bare(() => encode(text))], [...new TextEncoder().encode(text)], JSON.stringify(text));
  }
});

test('bytes without a TextDecoder: what is no UTF-8 becomes as many U+FFFD', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** @param {number[]} list */
  const check = (list) => assert.equal(bare(() => decode(Uint8Array.from(list))), decoder.decode(Uint8Array.from(list)), list.map((byte) => byte.toString(16)).join(' '));
  const edges = [0, 0x25, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff];
  for (const a of edges) for (const b of edges) for (const c of edges) check([a, b, c, 0x80, 0x41]);
  check([0xef, 0xbb, 0xbf, 0x41]);
});
