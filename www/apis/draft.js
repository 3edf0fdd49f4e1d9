// @ts-check
import { parseTree, printParseErrorCode } from '../built/json.js';

/** @typedef {import('jsonc-parser').Node} Node */
/** What is wrong with a dialect, and where: a JSON Pointer. @typedef {{pointer: string, reason: string}} Problem */
/** The same with its place in the text. Lines and columns count from 1. @typedef {Problem & {start: number, end: number, line: number, column: number}} Located */

/** The longest of the built-in ones has a fifth of that. */
export const MAX_CHARACTERS = 80_000;
const MAX_DEPTH = 32;

/** @type {Partial<Record<string, string>>} */
const SYNTAX = {
  InvalidSymbol: 'This is no JSON. A text needs double quotes; other than that there are numbers, true, false and null.',
  InvalidNumberFormat: 'This is no number as JSON writes it.',
  PropertyNameExpected: 'The name of a member is expected here, in double quotes. A comma too many also leads here.',
  ValueExpected: 'A value is expected here. A comma too many also leads here.',
  ColonExpected: 'A colon is expected here, between a name and its value.',
  CommaExpected: 'A comma is expected before this.',
  CloseBraceExpected: 'A } is missing.',
  CloseBracketExpected: 'A ] is missing.',
  EndOfFileExpected: 'The dialect has ended already: this is too much.',
  InvalidCommentToken: 'JSON has no comments.',
  UnexpectedEndOfComment: 'JSON has no comments.',
  UnexpectedEndOfString: 'A text ends with a double quote, on the same line.',
  UnexpectedEndOfNumber: 'This number is not complete.',
  InvalidUnicode: '\\u is followed by four hexadecimal digits.',
  InvalidEscapeCharacter: 'There is no such escape. A backslash is written \\\\.',
  InvalidCharacter: 'A control character is written as an escape, such as \\n.',
};

/**
 * @param {string} text
 * @returns {{value: unknown, tree: Node | undefined, problems: Located[]}} `value`: `undefined` where there are problems.
 */
export function readDraft(text) {
  const refused = text.length > MAX_CHARACTERS ? `Longer than ${MAX_CHARACTERS.toLocaleString('en')} characters: not read.` : isDeep(text) ? `Nested more than ${MAX_DEPTH} deep: not read.` : '';
  if (refused) return { value: undefined, tree: undefined, problems: [{ pointer: '', reason: refused, start: 0, end: 0, line: 1, column: 1 }] };
  /** @type {import('jsonc-parser').ParseError[]} */
  const errors = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const problems = errors
    .map(({ error, offset, length }) => spot(text, { pointer: '', reason: SYNTAX[printParseErrorCode(error)] ?? 'This is no JSON.' }, offset, offset + length))
    // Of several on one line the first is the cause.
    .filter(({ line }, index, all) => all[index - 1]?.line !== line);
  if (problems.length > 0) return { value: undefined, tree, problems };
  try {
    return { value: JSON.parse(text), tree, problems };
  } catch {
    return { value: undefined, tree, problems: [spot(text, { pointer: '', reason: 'This is no JSON.' }, 0, 0)] };
  }
}

/**
 * Puts problems where they are in the text, in its order.
 *
 * @param {string} text
 * @param {Node | undefined} tree
 * @param {Problem[]} problems
 * @returns {Located[]}
 */
export function locate(text, tree, problems) {
  return problems
    .map((problem) => {
      const node = tree && find(tree, problem.pointer);
      const start = node?.offset ?? 0;
      const isBlock = node?.type === 'object' || node?.type === 'array';
      return spot(text, problem, start, start + (isBlock ? 1 : (node?.length ?? 0)));
    })
    .sort((one, other) => one.start - other.start);
}

/**
 * @param {string} text
 * @param {Problem} problem
 * @param {number} start
 * @param {number} end
 * @returns {Located}
 */
function spot(text, problem, start, end) {
  const before = text.slice(0, start);
  return { ...problem, start, end, line: before.split('\n').length, column: start - before.lastIndexOf('\n') };
}

/**
 * The node at a pointer, or the last on the way to it.
 *
 * @param {Node} tree
 * @param {string} pointer
 */
function find(tree, pointer) {
  let node = tree;
  for (const segment of pointer.split('/').slice(1)) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    // Of a name that is there twice the last counts, as in JSON.parse.
    const child = node.type === 'array' ? node.children?.[Number(name)] : node.children?.findLast(({ children }) => children?.[0].value === name);
    if (!child) break;
    node = child.type === 'property' ? (child.children?.[1] ?? child) : child;
  }
  return node;
}

/** @param {string} text */
function isDeep(text) {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\\n])*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
