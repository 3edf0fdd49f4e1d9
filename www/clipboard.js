// @ts-check

/**
 * Copies a node's text; where the browser does not allow that, selects it.
 *
 * @param {Node} source
 * @param {HTMLButtonElement} button
 */
export async function copy(source, button) {
  const label = button.dataset.label ?? button.textContent ?? '';
  button.dataset.label = label;
  try {
    await navigator.clipboard.writeText((source instanceof HTMLTextAreaElement ? source.value : source.textContent) ?? '');
    button.textContent = 'Copied';
  } catch {
    if (source instanceof HTMLTextAreaElement) source.select();
    else getSelection()?.selectAllChildren(source);
    button.textContent = 'Selected';
  }
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}
