// @ts-check
import { mountPaste } from './paste.js';
import { mountStage } from './stage.js';
import { copy } from './verdict.js';

for (const button of document.querySelectorAll('button[data-copy]')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  const source = document.getElementById(button.dataset.copy ?? '');
  button.addEventListener('click', () => source && void copy(source, button));
}

mountStage();
mountPaste();
