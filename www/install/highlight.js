// @ts-check
import { element } from '../element.js';

/** Longer texts stay plain: each coloured word is a node of the page. */
const MAX_CHARACTERS = 12_000;

/** A comment; a string of JavaScript, JSON or Rust; a word of the language. */
const PARTS = [
  /(?<comment>\/\/[^\n]*)/,
  /(?<string>\br(?<hashes>#*)"[^]*?"\k<hashes>|"(?:\\[^]|[^"\\])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`)/,
  /\b(?:as|async|await|const|export|fn|from|import|let|new|null|return|true|false|type|use)\b/,
];
const TOKEN = new RegExp(PARTS.map(({ source }) => source).join('|'), 'g');

/**
 * Program text with its comments, strings and words set apart.
 *
 * @param {string} code
 * @returns {(Node | string)[]}
 */
export function highlight(code) {
  if (code.length > MAX_CHARACTERS) return [code];
  /** @type {(Node | string)[]} */
  const nodes = [];
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const [text] = match;
    nodes.push(code.slice(end, match.index), element(match.groups?.comment ? 's' : match.groups?.string ? 'i' : 'b', {}, text));
    end = match.index + text.length;
  }
  return [...nodes, code.slice(end)];
}
