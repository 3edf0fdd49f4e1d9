// @ts-check
import { HIDDEN } from './rust.js';

/**
 * The program of rust.js in JavaScript.
 *
 * @param {import('./rust.js').Given} given Well-formed texts.
 * @param {number} nowMs
 */
export function javascriptProgram({ status, headers, body, url }, nowMs) {
  const list = headers.map(([name, value]) => `    [${javascriptText(name)}, ${javascriptText(value)}],\n`).join('');
  return `import { classify } from 'reprieve';

const failure = classify({
  status: ${status},
  headers: ${headers.length === 0 ? '[]' : `[\n${list}  ]`},
  url: ${javascriptText(url)},
  body: ${javascriptText(body)},
}, { nowMs: ${nowMs} });
console.log(JSON.stringify(failure, null, 2));
`;
}

/**
 * A literal of JavaScript that stands for exactly this text.
 *
 * @param {string} text
 */
export function javascriptText(text) {
  const mark = /['\n]/.test(text) ? '`' : "'";
  const special = mark === '`' ? /\\|`|\$(?=\{)/g : /\\/g;
  return mark + text.replace(special, '\\$&').replace(HIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`) + mark;
}
