// @ts-check

/** How long a button says what it did. */
const SHOWN_MS = 1500;

/**
 * Copies a node's text; where the browser does not allow that, selects it.
 *
 * @param {Node} source
 * @param {HTMLButtonElement} button
 */
export async function copy(source, button) {
  const isArea = source instanceof HTMLTextAreaElement;
  const copied = await write((isArea ? source.value : source.textContent) ?? '');
  if (!copied && isArea) source.select();
  else if (!copied) getSelection()?.selectAllChildren(source);
  tell(button, copied ? 'Copied' : 'Selected');
}

/**
 * Copies a text that is not on the page.
 *
 * @param {string} text
 * @param {HTMLButtonElement} button
 */
export async function copyText(text, button) {
  tell(button, (await write(text)) ? 'Copied' : 'Not allowed');
}

/** @param {string} text */
const write = (text) =>
  navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  ) ?? Promise.resolve(false);

/**
 * @param {HTMLButtonElement} button
 * @param {string} word
 */
function tell(button, word) {
  const label = button.dataset.label ?? button.textContent ?? '';
  button.dataset.label = label;
  button.textContent = word;
  setTimeout(() => {
    button.textContent = label;
  }, SHOWN_MS);
}
