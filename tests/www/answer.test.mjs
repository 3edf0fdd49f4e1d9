// @ts-check
/** The programs that the page shows, in Rust and in JavaScript: both run, and print the very answer that the page says. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { at } from '../../tasks/paths.mjs';
import { sameAnswer } from '../../www/install/answer.js';
import { javascriptText } from '../../www/install/javascript.js';
import { rustText } from '../../www/install/rust.js';

/** @typedef {import('../../www/paste/desk.js').Input} Input */

const FOLDER = at('target', 'answer');
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

const STRIPE = '{"error":{"type":"card_error","code":"card_declined","message":"It said \\"no\\".","param":"number"}}';

/** @type {[string, Partial<Input>][]} */
const CASES = [
  ['nothing at all', { status: 500 }],
  ['no failure', { status: 200, body: '{"ok":true}' }],
  ['an API, its fields', { status: 402, url: 'https://api.stripe.com/v1/charges', body: STRIPE, headers: [['content-type', 'application/json'], ['request-id', 'req_7']] }],
  ['a date as the wait, read at a fixed time', { status: 503, headers: [['Retry-After', 'Fri, 02 Jan 2026 03:05:05 GMT']] }],
  ['a header twice, white space', { status: 429, headers: [['x-a', '1'], ['x-a', ' 2\t'], ['retry-after', '7']] }],
  ['the ends of raw texts', { status: 400, body: '{"message":"a\\"#b\\"##c","x":"r#\\"y\\"#"}' }],
  ['"# without an escape', { status: 400, body: 'he said "no"# and "never"###' }],
  ['more hashes than Rust takes', { status: 400, body: `"${'#'.repeat(300)}` }],
  ['CRLF and a bare CR', { status: 400, body: '{\r\n"message":\r"two\\r\\nlines"}\r\n' }],
  ['emoji, and what follows them', { status: 400, body: '{"message":"💥 Zürich\u0301 日本"}' }],
  ['NUL, bells, escapes', { status: 400, body: 'a\0b\x07c\x1b[31m\x7f' }],
  ['text that turns its direction', { status: 400, body: 'abc\u202edef\u2066ghi\u200f' }],
  ['a byte order mark', { status: 400, body: '\ufeff{"message":"marked"}' }],
  ['half of a pair', { status: 400, body: '{"message":"\ud83d"}', headers: [['x-b', '\udc00']] }],
  ['marks of JavaScript', { status: 400, url: "https://x.example/it's", body: "`${process.exit(7)}` \\ \\u0041 '\n\u2028" }],
  ['backslashes at the ends', { status: 400, body: 'c:\\temp\\', headers: [['x-c', '\\']] }],
  ['a number in braces', { status: 400, body: '{} {0} %s \\n' }],
  ['longer than what is read, cut in a character', { status: 400, body: `{"message":"${'é'.repeat(40_000)}"}` }],
];

/** @param {Partial<Input>} given @returns {{rust: string, javascript: string, result: string}} */
function answer(given) {
  const found = sameAnswer({ status: null, headers: [], body: '', url: '', method: 'GET', keyed: false, attempt: 1, ...given }, NOW);
  assert.ok(typeof found === 'object', String(found));
  return found;
}

test('Rust: every program compiles and prints the answer of the page', () => {
  rmSync(join(FOLDER, 'src'), { recursive: true, force: true });
  mkdirSync(join(FOLDER, 'src'), { recursive: true });
  const quoted = JSON.stringify(at('.'));
  writeFileSync(join(FOLDER, 'Cargo.toml'), `[package]\nname = "answer"\nversion = "0.0.0"\nedition = "2024"\n\n[dependencies]\nreprieve = { path = ${quoted} }\nserde_json = "1"\n\n[workspace]\n`);
  copyFileSync(at('Cargo.lock'), join(FOLDER, 'Cargo.lock'));
  for (const [index, [, given]] of CASES.entries()) writeFileSync(join(FOLDER, 'src', `case_${index}.rs`), answer(given).rust);
  const modules = CASES.map((_, index) => `mod case_${index} {\n    include!("case_${index}.rs");\n    pub fn run() {\n        main();\n    }\n}\n`).join('');
  const calls = CASES.map((_, index) => `    case_${index}::run();\n    println!("--");\n`).join('');
  writeFileSync(join(FOLDER, 'src', 'main.rs'), `${modules}fn main() {\n${calls}}\n`);

  const { status, stdout, stderr } = spawnSync('cargo', ['run', '--quiet'], { cwd: FOLDER, encoding: 'utf8', env: { ...process.env, CARGO_TARGET_DIR: join(FOLDER, 'target') } });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  const printed = stdout.split('\n--\n');
  for (const [index, [name, given]] of CASES.entries()) assert.equal(printed[index], answer(given).result, name);
});

test('JavaScript: every program prints the answer of the page', async () => {
  const folder = join(FOLDER, 'javascript');
  mkdirSync(folder, { recursive: true });
  const { log } = console;
  for (const [index, [name, given]] of CASES.entries()) {
    const { javascript, result } = answer(given);
    const file = join(folder, `case_${index}_${process.pid}.mjs`);
    writeFileSync(file, javascript.replace("'reprieve'", JSON.stringify(at('pkg', 'dist', 'index.js'))));
    let printed = '';
    console.log = (text) => (printed = text);
    await import(file).finally(() => (console.log = log));
    assert.equal(printed, result, name);
  }
  rmSync(folder, { recursive: true });
});

test('texts that need no care are written as they are', () => {
  assert.equal(rustText('plain'), '"plain"');
  assert.equal(rustText('{"a":"b"}'), 'r#"{"a":"b"}"#');
  assert.equal(rustText('\\'), 'r"\\"');
  assert.equal(rustText('a\rb'), '"a\\rb"');
  assert.equal(javascriptText('plain'), "'plain'");
  assert.equal(javascriptText("it's"), "`it's`");
});

test('says why there is no program', () => {
  const empty = { status: null, headers: [], body: '', url: '', method: 'GET', keyed: false, attempt: 1 };
  assert.match(String(sameAnswer(empty, 0)), /no response/);
  assert.match(String(sameAnswer({ ...empty, status: 400, headers: [['a', 'x'.repeat(40_000)]] }, 0)), /too long/);
});
