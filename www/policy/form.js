// @ts-check
import { OptionsError, Policy } from '../built/reprieve.js';
import { element, say } from '../element.js';
import { count } from '../wording.js';
import { compose, decompose, isOff, loadLimits, presetValue, shapeOf } from './limits.js';

/** @typedef {import('../built/reprieve.js').Preset} Preset */
/** @typedef {import('../built/reprieve.js').PolicyOptions} PolicyOptions */
/** @typedef {import('./limits.js').Edits} Edits */
/** @typedef {import('./limits.js').Group} Group */
/** @typedef {import('./limits.js').Limit} Limit */

/** @type {Preset[]} */
const PRESETS = ['default', 'brisk', 'patient', 'none', 'aws_standard', 'grpc'];

/**
 * What is shown of one limit, or of the switch of a part.
 *
 * @typedef {object} Control
 * @property {(edits: Edits) => void} read Notes what the visitor chose.
 * @property {(preset: Preset, edits: Edits) => void} show
 */

/**
 * A policy to be chosen: a preset, and every limit on top of it. The library itself says what fits; a policy that does not load stays on the screen with its
 * problems, and the last one that did stays in force.
 *
 * @param {HTMLElement} root with an id, which begins those in the form.
 * @param {{onChange: (policy: Preset | PolicyOptions) => void}} options `onChange` is not called for `set`.
 * @returns {{set: (policy: unknown) => boolean, value: () => Preset | PolicyOptions}} `set` refuses what is no policy, and says so.
 */
export function mountPolicyForm(root, { onChange }) {
  const id = (/** @type {string} */ name) => `${root.id}-${name.replaceAll('.', '-')}`;
  const select = element('select', { id: id('preset'), 'aria-describedby': id('about') }, ...PRESETS.map((preset) => element('option', { value: preset }, preset)));
  const about = element('p', { class: 'hint', id: id('about') });
  const differs = element('span', { class: 'differs', role: 'status' });
  const list = element('div', { class: 'limits' });
  const reset = element('button', { type: 'button', class: 'quiet' }, 'Reset limits');
  root.classList.add('policy');
  root.replaceChildren(
    element('div', { class: 'preset' }, element('div', { class: 'field' }, element('label', { for: select.id }, 'Policy'), select), about),
    element('details', {}, element('summary', {}, 'Change limits ', differs), list, element('p', {}, reset)),
  );

  /** @type {Preset | PolicyOptions} */
  let current = 'default';
  /** @type {Preset} */
  let preset = 'default';
  /** @type {Edits} */
  let edits = new Map();
  /** @type {Group[]} */
  let groups = [];
  /** @type {{id: Preset, about: string}[]} */
  let presets = [];
  /** @type {Control[]} */
  let controls = [];

  void loadLimits().then((limits) => {
    ({ groups, presets } = limits);
    const made = groups.map((group) => fieldset(group, id));
    list.replaceChildren(...made.map(({ node }) => node));
    controls = made.flatMap((each) => each.controls);
    ({ preset, edits } = decompose(groups, current));
    show();
  });

  root.addEventListener('input', (event) => {
    if (event.target === select) preset = PRESETS.find((name) => name === select.value) ?? 'default';
    else {
      edits = new Map();
      for (const control of controls) control.read(edits);
    }
    offer(show());
  });
  reset.addEventListener('click', () => {
    edits = new Map();
    offer(show());
  });

  return {
    set(policy) {
      if (typeof policy !== 'string' && (policy === null || typeof policy !== 'object' || Array.isArray(policy))) return false;
      try {
        new Policy(/** @type {PolicyOptions} */ (policy));
      } catch {
        return false;
      }
      current = /** @type {Preset | PolicyOptions} */ (policy);
      if (groups.length > 0) {
        ({ preset, edits } = decompose(groups, current));
        show();
      }
      return true;
    },
    value: () => current,
  };

  /**
   * Puts the policy in force, if it is one.
   *
   * @param {ReturnType<typeof judge>} judgement
   */
  function offer({ options, problems }) {
    if (problems.size > 0 || JSON.stringify(options) === JSON.stringify(current)) return;
    current = options;
    onChange(current);
  }

  /** Shows the policy, and what is wrong with it. */
  function show() {
    select.value = preset;
    about.textContent = presets.find((each) => each.id === preset)?.about ?? '';
    for (const control of controls) control.show(preset, edits);
    const judgement = judge();
    const { problems, differing } = judgement;
    for (const input of list.querySelectorAll('[data-path]')) {
      const path = input.getAttribute('data-path') ?? '';
      const problem = problems.get(path) ?? '';
      input.setAttribute('aria-invalid', String(problem !== ''));
      const place = document.getElementById(`${input.id}-problem`);
      if (place) say(place, problem);
    }
    const words = [differing > 0 && `${count(differing, 'limit')} ${differing === 1 ? 'differs' : 'differ'} from the preset`, problems.size > 0 && `${problems.size} not valid: the last valid policy is in force`];
    const text = words.filter(Boolean).join('; ');
    say(differs, text);
    differs.dataset.state = problems.size > 0 ? 'failed' : '';
    return judgement;
  }

  /** Asks the library; it names one problem at a time, so what it objects to is left out and it is asked again. */
  function judge() {
    const { options, differing } = compose(groups, preset, edits);
    /** @type {Map<string, string>} by path */
    const problems = new Map();
    const rest = new Map(edits);
    for (let left = rest.size; left >= 0; left -= 1) {
      try {
        new Policy(compose(groups, preset, rest).options);
        break;
      } catch (error) {
        if (!(error instanceof OptionsError)) throw error;
        const path = error.pointer.split('/').slice(2).join('.');
        problems.set(path, `${error.reason.charAt(0).toUpperCase()}${error.reason.slice(1)}.`);
        for (const name of rest.keys()) if (path === name || path.startsWith(`${name}.`)) rest.delete(name);
      }
    }
    return { options, differing, problems };
  }
}

/**
 * @param {Group} group
 * @param {(name: string) => string} id
 * @returns {{node: HTMLElement, controls: Control[]}}
 */
function fieldset(group, id) {
  const { title, part, limits } = group;
  const made = limits.map((limit) => (limit.shapes ? choice(limit, limit.shapes, id) : typeof limit.default === 'boolean' ? flag(limit, id) : measure(limit, id)));
  const grid = element('div', { class: 'grid' }, ...made.map(({ node }) => node));
  if (!part) return { node: element('fieldset', {}, element('legend', {}, title), grid), controls: made.map(({ control }) => control) };

  const box = element('input', { type: 'checkbox', id: id(`${part}-on`) });
  let isOn = true;
  const node = element('fieldset', {}, element('legend', {}, element('label', { class: 'check' }, box, ` ${title}`)), grid);
  return {
    node,
    controls: [
      ...made.map(({ control }) => control),
      {
        read(edits) {
          if (box.checked === isOn && box.dataset.edited === undefined) return;
          if (!box.checked) edits.set(part, null);
          else if (!edits.has(part)) edits.set(part, {});
        },
        show(preset, edits) {
          isOn = !isOff(group, preset, edits);
          if (edits.has(part)) box.dataset.edited = '';
          else delete box.dataset.edited;
          box.checked = isOn;
          grid.hidden = !isOn;
        },
      },
    ],
  };
}

/**
 * A number.
 *
 * @param {Limit} limit
 * @param {(name: string) => string} id
 */
function measure(limit, id) {
  const input = box(limit.name, id);
  return {
    node: field(input, limit.label, limit.unit ?? '', limit.about),
    control: {
      /** @param {Edits} edits */
      read: (edits) => void (input.value.trim() !== '' && edits.set(limit.name, number(input.value))),
      /** @param {Preset} preset @param {Edits} edits */
      show(preset, edits) {
        input.placeholder = String(presetValue(limit, preset) ?? limit.like);
        const edit = edits.get(limit.name);
        enter(input, typeof edit === 'object' ? undefined : edit);
      },
    },
  };
}

/**
 * A yes or no.
 *
 * @param {Limit} limit
 * @param {(name: string) => string} id
 */
function flag(limit, id) {
  const input = element('input', { type: 'checkbox', id: id(limit.name), 'data-path': limit.name, 'aria-describedby': `${id(limit.name)}-about` });
  let usual = false;
  return {
    node: element('div', { class: 'field' }, element('label', { class: 'check' }, input, ` ${limit.label}`), element('p', { class: 'hint', id: `${input.id}-about` }, limit.about)),
    control: {
      /** @param {Edits} edits */
      read: (edits) => void (input.checked !== usual && edits.set(limit.name, input.checked)),
      /** @param {Preset} preset @param {Edits} edits */
      show(preset, edits) {
        usual = presetValue(limit, preset) === true;
        input.checked = edits.has(limit.name) ? edits.get(limit.name) === true : usual;
      },
    },
  };
}

/**
 * One of several forms, some of which have numbers.
 *
 * @param {Limit} limit
 * @param {import('./limits.js').Shape[]} shapes
 * @param {(name: string) => string} id
 */
function choice(limit, shapes, id) {
  const select = element(
    'select',
    { id: id(limit.name), 'data-path': limit.name, 'aria-describedby': `${id(limit.name)}-about ${id(limit.name)}-problem` },
    ...shapes.map(({ label }, index) => element('option', { value: index }, label)),
  );
  const inputs = shapes.map(({ members = [] }) => members.map((member) => ({ member, input: box(`${limit.name}.${member.name}`, id) })));
  const places = inputs.map((each) => element('div', { class: 'members' }, ...each.map(({ member, input }) => field(input, member.name, member.unit))));
  /** @type {unknown} */
  let usual;
  return {
    node: element('div', { class: 'field wide' }, element('label', { for: select.id }, limit.label), select, ...notes(select.id, limit.about), ...places),
    control: {
      /** @param {Edits} edits */
      read(edits) {
        const { value, members } = shapes[Number(select.value)];
        if (!members) {
          if (value !== usual) edits.set(limit.name, value);
          return;
        }
        const typed = inputs[Number(select.value)].map(({ member, input }) => [member.name, input.value.trim() === '' ? Number(input.placeholder) : number(input.value)]);
        edits.set(limit.name, Object.fromEntries(typed));
      },
      /** @param {Preset} preset @param {Edits} edits */
      show(preset, edits) {
        usual = presetValue(limit, preset);
        const value = edits.has(limit.name) ? edits.get(limit.name) : usual;
        const index = shapes.findIndex((shape) => shape === shapeOf(shapes, value));
        select.value = String(index);
        for (const [place, node] of places.entries()) node.hidden = place !== index || inputs[place].length === 0;
        for (const { member, input } of inputs[index] ?? []) {
          const own = Reflect.get(/** @type {object} */ (value), member.name);
          const preselected = usual && typeof usual === 'object' ? Reflect.get(usual, member.name) : undefined;
          input.placeholder = String(preselected ?? member.default);
          enter(input, String(own) === input.placeholder ? undefined : own);
        }
      },
    },
  };
}

/**
 * @param {string} path
 * @param {(name: string) => string} id
 */
const box = (path, id) =>
  element('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', id: id(path), 'data-path': path, 'aria-describedby': `${id(path)}-about ${id(path)}-problem` });

/**
 * @param {HTMLInputElement} input
 * @param {string} label
 * @param {string} unit
 * @param {string} [about]
 */
const field = (input, label, unit, about) =>
  element(
    'div',
    { class: 'field' },
    element('label', { for: input.id }, label),
    element('div', { class: 'measure' }, input, element('span', { class: 'unit' }, unit)),
    ...notes(input.id, about),
  );

/**
 * @param {string} id
 * @param {string} [about]
 */
const notes = (id, about) => [about && element('p', { class: 'hint', id: `${id}-about` }, about), element('p', { class: 'problem', id: `${id}-problem` })];

/**
 * What was typed, for the library to judge.
 *
 * @param {string} text
 */
const number = (text) => (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) && Number.isFinite(Number(text)) ? Number(text) : text.trim());

/**
 * @param {HTMLInputElement} input
 * @param {unknown} value
 */
function enter(input, value) {
  // What stands there may be written otherwise: `4.0`.
  if (value === undefined ? input.value.trim() !== '' : number(input.value) !== value) input.value = value === undefined ? '' : String(value);
}
