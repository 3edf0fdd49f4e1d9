// @ts-check
import { element } from '../element.js';

/** Longer texts stay plain: each coloured word is a node of the page. */
const MAX_CHARACTERS = 12_000;

const WORDS = 'as|async|await|const|export|fn|from|function|import|let|new|null|return|true|false|type|use|pub|struct';
/** A comment, a string of JavaScript, JSON or Rust, or a word of the language. */
const TOKEN = new RegExp(String.raw`(\/\/[^\n]*)|(\br(#*)"[^]*?"\3(?!#)|"(?:\\[^]|[^"\\])*"|'(?:\\.|[^'\\\n])*'|${'`(?:\\\\[^]|[^`\\\\])*`'})|\b(?:${WORDS})\b`, 'g');

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
    const [text, comment, string] = match;
    nodes.push(code.slice(end, match.index), element(comment ? 's' : string ? 'i' : 'b', {}, text));
    end = match.index + text.length;
  }
  return [...nodes, code.slice(end)];
}
