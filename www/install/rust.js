// @ts-check

/** A response to write a program about. @typedef {{status: number, headers: [string, string][], body: string, url: string}} Given */

/**
 * A whole program in Rust that prints what the response means, as JSON.
 *
 * @param {Given} given Well-formed texts.
 * @param {number} nowMs
 */
export function rustProgram({ status, headers, body, url }, nowMs) {
  return `use reprieve::{Response, classify};

fn main() {
    let failure = classify(&Response {
        status: ${status},
        headers: ${headerList(headers)},
        url: ${rustText(url)},
        body: ${rustText(body)}.as_bytes(),
        now_ms: ${nowMs},
    });
    println!("{}", serde_json::to_string_pretty(&failure).unwrap());
}
`;
}

/** @param {[string, string][]} headers */
function headerList(headers) {
  if (headers.length === 0) return '&[]';
  return `&[\n${headers.map(([name, value]) => `            (${rustText(name)}, ${rustText(value)}),\n`).join('')}        ]`;
}

/** What is not written as it is: control characters, and those that nobody sees or that turn the direction of the text, which rustc refuses. */
export const HIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * A literal of Rust that stands for exactly this text.
 *
 * @param {string} text
 */
export function rustText(text) {
  const hashes = '#'.repeat(Math.max(0, ...Array.from(text.matchAll(/"(#*)/g), ([, run]) => run.length + 1)));
  // Of Rust's raw texts none can hold a hidden character, and none has more than 255 hashes.
  if (text.search(HIDDEN) >= 0 || hashes.length > 255) {
    return `"${text.replace(/[\\"]/g, '\\$&').replace(HIDDEN, (character) => (character === '\r' ? '\\r' : `\\u{${character.charCodeAt(0).toString(16)}}`))}"`;
  }
  return /["\\]/.test(text) ? `r${hashes}"${text}"${hashes}` : `"${text}"`;
}
