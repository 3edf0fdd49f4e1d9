// @ts-check
import { getNodePath, parseTree } from '../built/json.js';

/** @typedef {import('./message.js').Range} Range */

/**
 * A value in a body, and what could stand there instead.
 *
 * @typedef {object} Leaf
 * @property {string} name A JSON Pointer, or the number of a line.
 * @property {Range} range
 * @property {string[]} instead
 */

/** No API's error has more; a page of a proxy may. */
const MOST = 300;

/** A word that no API uses. */
const NONSENSE = 'qzj';

/**
 * The values of a body one by one: those of JSON, the texts and attributes of markup, or else its lines.
 *
 * @param {string} body
 * @returns {Leaf[]}
 */
export function leavesOf(body) {
  const start = body.trimStart()[0];
  if (start === '{' || start === '[') return leavesOfJson(body);
  if (start === '<') return pieces(body, />([^<>]*\S[^<>]*)<|="([^"<>]+)"/g);
  return pieces(body, /^(.*\S.*)$/gm);
}

/** @param {string} body */
function leavesOfJson(body) {
  /** @type {Leaf[]} */
  const leaves = [];
  try {
    const queue = [parseTree(body)];
    for (const node of queue) {
      if (!node || leaves.length >= MOST) break;
      if (node.type === 'object') queue.push(...(node.children ?? []).flatMap(({ children }) => children?.[1] ?? []));
      else if (node.type === 'array') queue.push(...(node.children ?? []));
      else {
        const pointer = getNodePath(node).map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
        leaves.push({ name: pointer, range: [node.offset, node.offset + node.length], instead: insteadOf(node.type) });
      }
    }
  } catch (error) {
    // Nested deeper than the stack.
    if (!(error instanceof RangeError)) throw error;
  }
  return leaves;
}

/** @param {string} type */
function insteadOf(type) {
  if (type === 'string') return [`"${NONSENSE}"`, 'null'];
  if (type === 'number') return ['7041', 'null'];
  if (type === 'boolean') return ['true', 'false'];
  // Nothing is read of a null.
  return [];
}

/**
 * @param {string} body
 * @param {RegExp} pattern whose groups are the pieces
 * @returns {Leaf[]}
 */
function pieces(body, pattern) {
  /** @type {Leaf[]} */
  const leaves = [];
  let line = 1;
  let counted = 0;
  for (const match of body.matchAll(pattern)) {
    const piece = match.slice(1).find((group) => group !== undefined) ?? '';
    const from = match.index + match[0].indexOf(piece) + piece.length - piece.trimStart().length;
    for (; counted < from; counted += 1) if (body[counted] === '\n') line += 1;
    leaves.push({ name: `line ${line}`, range: [from, from + piece.trim().length], instead: [NONSENSE] });
    if (leaves.length >= MOST) break;
  }
  return leaves;
}
