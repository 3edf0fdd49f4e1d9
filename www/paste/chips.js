// @ts-check
import { examplesOf } from '../apis/examples.js';
import { listApis } from '../apis/list.js';
import { byId, element } from '../element.js';

/** @typedef {import('../apis/examples.js').Example} Example */

/** Whose errors are offered first, by dialect. @type {Record<string, string>} */
const OFFERED = {
  rooom: 'rooom',
  root: 'Root',
  openai: 'OpenAI',
  stripe: 'Stripe',
  github: 'GitHub',
  'aws-json': 'AWS',
  anthropic: 'Anthropic',
  shopify: 'Shopify',
  slack: 'Slack',
  'google-rpc': 'Google Cloud',
  discord: 'Discord',
  paypal: 'PayPal',
  twilio: 'Twilio',
  'cloudflare-edge': 'Cloudflare',
};

/** @type {Map<string, string>} */
const names = new Map(Object.entries(OFFERED));
listApis().then(
  (apis) => {
    for (const { id, name } of apis) names.set(id, name);
  },
  // Without the list an API goes by the id of its dialect.
  () => {},
);

/**
 * @param {string | null} dialect
 * @returns {string | null}
 */
export const nameOf = (dialect) => (dialect === null ? null : (names.get(dialect) ?? dialect));

/** The APIs that are offered, and the examples of the one that was chosen. */
export class Chips {
  #load;
  #apis = byId('sample-apis', HTMLDivElement);
  #examples = byId('samples', HTMLDivElement);
  /** @type {string | null} */
  #chosen = null;

  /** @param {(example: Example) => void} load */
  constructor(load) {
    this.#load = load;
    this.#apis.replaceChildren(
      ...Object.entries(OFFERED).map(([id, name]) => {
        const chip = element('button', { type: 'button', class: 'chip', 'data-api': id, 'aria-pressed': 'false' }, name);
        chip.addEventListener('click', async () => {
          const [first] = await this.choose(id);
          if (first) load(first);
        });
        return chip;
      }),
    );
  }

  /** Whose examples are shown. */
  get chosen() {
    return this.#chosen;
  }

  /**
   * Shows the examples of an API.
   *
   * @param {string | null} id `null`: of none.
   * @returns {Promise<Example[]>} Empty where they cannot be had, or another API was chosen meanwhile.
   */
  async choose(id) {
    this.#chosen = id;
    for (const chip of this.#apis.children) chip.setAttribute('aria-pressed', String(chip.getAttribute('data-api') === id));
    if (id === null) {
      this.#examples.replaceChildren();
      return [];
    }
    /** @type {Example[]} */
    let examples = [];
    try {
      examples = await examplesOf(id);
    } catch {
      if (this.#chosen === id) this.#examples.replaceChildren(element('p', { class: 'hint', role: 'status' }, 'These examples cannot be fetched just now.'));
    }
    if (this.#chosen !== id || examples.length === 0) return [];
    this.#examples.replaceChildren(...examples.map((example) => this.#chip(example)));
    this.#examples.scrollLeft = 0;
    return examples;
  }

  /** @param {Example} example */
  #chip(example) {
    const chip = element('button', { type: 'button', class: 'chip' }, element('b', {}, String(example.status)), ' ', example.name.replace(new RegExp(`^${example.status} `), ''));
    chip.addEventListener('click', () => this.#load(example));
    return chip;
  }
}
