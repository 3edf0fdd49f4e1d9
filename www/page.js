// @ts-check
import { mountApis } from './apis/catalogue.js';
import { copy } from './clipboard.js';
import { byId } from './element.js';
import { mountInstall } from './install/shelf.js';
import { linkedSection } from './link.js';
import { mountOutage } from './outage/lab.js';
import { mountDesk } from './paste/desk.js';
import { keepForLater, startServiceWorker } from './service.js';
import { mountStage } from './watch/stage.js';

for (const button of document.querySelectorAll('button[data-copy]')) {
  if (!(button instanceof HTMLButtonElement)) continue;
  const source = document.getElementById(button.dataset.copy ?? '');
  button.addEventListener('click', () => source && void copy(source, button));
}

const service = startServiceWorker();
const desk = mountDesk();
mountStage(service);
mountOutage();
mountInstall(desk);
mountApis(desk);

/** A link with a state names no element, so the browser does not go there by itself. */
function goToSection() {
  const section = linkedSection();
  if (section) document.getElementById(section)?.scrollIntoView();
}
addEventListener('hashchange', goToSection);
goToSection();

/** The visitor's own doings come first. */
const KEEP_AFTER_MS = 4000;

service
  .then(() => new Promise((resolve) => void setTimeout(resolve, KEEP_AFTER_MS)))
  .then(keepForLater)
  .then((kept) => {
    if (kept) byId('offline', HTMLParagraphElement).textContent = 'All of it is kept now: this page works without a network, too.';
  })
  // The page works as well without; the stage says why.
  .catch(() => {});
