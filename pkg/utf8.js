// @ts-check
/** Text as UTF-8 and back, also where the platform cannot: Jest's jsdom has neither TextEncoder nor TextDecoder. */

/** @type {TextEncoder | undefined} */
let encoder;
/** @type {TextDecoder | undefined} */
let decoder;

/** A sequence, or as much of one as could begin one: a decoder makes one U+FFFD of it. */
const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]?|(\xe0[\xa0-\xbf]|\xed[\x80-\x9f]|[\xe1-\xec\xee\xef][\x80-\xbf])[\x80-\xbf]?|(\xf0[\x90-\xbf]|\xf4[\x80-\x8f]|[\xf1-\xf3][\x80-\xbf])[\x80-\xbf]{0,2}|[\x80-\xff]/g;

/**
 * @param {string} text a lone surrogate becomes U+FFFD
 * @returns {Uint8Array}
 */
export function encode(text) {
  if (globalThis.TextEncoder) return (encoder ??= new TextEncoder()).encode(text);
  return Uint8Array.from(unescape(encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'))), (char) => char.charCodeAt(0));
}

/**
 * @param {Uint8Array} bytes what is no UTF-8 becomes U+FFFD
 * @returns {string}
 */
export function decode(bytes) {
  if (globalThis.TextDecoder) return (decoder ??= new TextDecoder('utf-8', { ignoreBOM: true })).decode(bytes);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return binary.replace(SEQUENCE, (sequence) => {
    try {
      return decodeURIComponent(escape(sequence));
    } catch {
      return '\ufffd';
    }
  });
}
