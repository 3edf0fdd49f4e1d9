// @ts-check
/**
 * The fenced blocks of a Markdown text that are in a language.
 * @param {string} markdown
 * @param {string} language
 * @returns {{ line: number, source: string }[]} `line`: where the fence opens, from 1
 */
export function blocks(markdown, language) {
  /** @type {{ line: number, source: string }[]} */
  const found = [];
  /** @type {{ language: string, line: number, lines: string[] } | null} */
  let open = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = line.match(/^```(\w*)/);
    if (!fence) open?.lines.push(line);
    else if (!open) open = { language: fence[1], line: index + 1, lines: [] };
    else {
      if (open.language === language) found.push({ line: open.line, source: `${open.lines.join('\n')}\n` });
      open = null;
    }
  }
  if (open) throw new Error(`the fence in line ${open.line} is not closed`);
  return found;
}

/**
 * What a block says that it prints: whatever follows `// → ` on a line; `…` stands for anything.
 * @param {string} source
 */
export function printed(source) {
  const lines = [...source.matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1].trim());
  return new RegExp(`^${lines.map((line) => `${line.split('…').map(literal).join('.+')}\n`).join('')}$`);
}

/** @param {string} text */
const literal = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/**
 * The rows of the first table below a line that begins so, without head and rule, as cells.
 * @param {string} markdown
 * @param {string} head
 */
export function table(markdown, head) {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith(head));
  if (start < 0) throw new Error(`no table begins with ${head}`);
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, start + length).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}
