// @ts-check

/** @typedef {import('../built/reprieve.js').Preset} Preset */
/** @typedef {import('../built/reprieve.js').PolicyOptions} PolicyOptions */

/**
 * One limit of `PolicyOptions`, as limits.json has it.
 *
 * @typedef {object} Limit
 * @property {string} name A path: `backoff.baseMs`.
 * @property {string} label
 * @property {string} about
 * @property {string} [unit]
 * @property {string} [like] What it is like where its value is `null`.
 * @property {unknown} default
 * @property {Record<string, unknown>} [presets] Where a preset differs.
 * @property {Shape[]} [shapes] The forms that its value may have.
 */
/** @typedef {{label: string, value?: string, members?: Member[]}} Shape */
/** @typedef {{name: string, unit: string, default: number}} Member */
/** @typedef {{title: string, part?: string, off?: string[], limits: Limit[]}} Group A part may be off: `null`. */
/** @typedef {{presets: {id: Preset, about: string}[], groups: Group[]}} Limits */

/** What a visitor chose, by path; at the path of a part `null` (off) or `{}` (on). @typedef {Map<string, unknown>} Edits */

/** @type {Promise<Limits> | undefined} */
let loading;

/** @returns {Promise<Limits>} */
export function loadLimits() {
  loading ??= fetch(new URL('limits.json', import.meta.url)).then((response) => response.json());
  return loading;
}

/**
 * What a limit is without an edit; that of a part that is off is what it would be.
 *
 * @param {Limit} limit
 * @param {Preset} preset
 */
export function presetValue({ default: fallback, presets = {}, shapes }, preset) {
  const value = Object.hasOwn(presets, preset) ? presets[preset] : fallback;
  return shapes ? whole(shapes, value) : value;
}

/**
 * @param {Group} group
 * @param {Preset} preset
 */
export const isOffIn = ({ off = [] }, preset) => off.includes(preset);

/**
 * @param {Group} group
 * @param {Preset} preset
 * @param {Edits} edits
 */
export const isOff = (group, preset, edits) => (group.part && edits.has(group.part) ? edits.get(group.part) === null : isOffIn(group, preset));

/**
 * @param {Shape[]} shapes
 * @param {unknown} value
 * @returns {Shape | undefined} The shape of `value`.
 */
export const shapeOf = (shapes, value) =>
  shapes.find((shape) => (shape.members && value && typeof value === 'object' ? shape.members.some(({ name }) => name in value) : shape.value === value));

/**
 * The value with all its members.
 *
 * @param {Shape[]} shapes
 * @param {unknown} value
 */
function whole(shapes, value) {
  const members = shapeOf(shapes, value)?.members;
  return members ? Object.fromEntries(members.map((member) => [member.name, Reflect.get(/** @type {object} */ (value), member.name) ?? member.default])) : value;
}

/**
 * The policy of some edits: only what differs from the preset.
 *
 * @param {Group[]} groups
 * @param {Preset} preset
 * @param {Edits} edits
 * @returns {{options: Preset | PolicyOptions, differing: number}}
 */
export function compose(groups, preset, edits) {
  /** @type {Record<string, unknown>} */
  const options = preset === 'default' ? {} : { preset };
  let differing = 0;
  for (const group of groups) {
    const off = isOff(group, preset, edits);
    if (group.part && off !== isOffIn(group, preset)) {
      differing += 1;
      write(options, group.part, off ? null : group.part === group.limits[0].name ? group.limits[0].default : {});
    }
    for (const limit of off ? [] : group.limits) {
      const value = edits.get(limit.name);
      const isPart = limit.name === group.part;
      if (value === undefined || (isPart && typeof value === 'object') || JSON.stringify(value) === JSON.stringify(presetValue(limit, preset))) continue;
      // A part that was switched on is counted already.
      if (!isPart || !isOffIn(group, preset)) differing += 1;
      write(options, limit.name, value);
    }
  }
  return { options: differing === 0 ? preset : options, differing };
}

/**
 * The edits that a policy consists of.
 *
 * @param {Group[]} groups
 * @param {Preset | PolicyOptions} options that load.
 * @returns {{preset: Preset, edits: Edits}}
 */
export function decompose(groups, options) {
  /** @type {Edits} */
  const edits = new Map();
  if (typeof options === 'string') return { preset: options, edits };
  const preset = options.preset ?? 'default';
  for (const { part, limits } of groups) {
    const given = part && read(options, part);
    if (part && given === null) edits.set(part, null);
    else if (part && given !== undefined) edits.set(part, {});
    for (const limit of limits) {
      const value = read(options, limit.name);
      if (value !== undefined && value !== null) edits.set(limit.name, limit.shapes ? whole(limit.shapes, value) : value);
    }
  }
  return { preset, edits };
}

/**
 * @param {Record<string, unknown>} into
 * @param {string} path
 * @param {unknown} value
 */
function write(into, path, value) {
  const [name, ...rest] = path.split('.');
  if (rest.length === 0) into[name] = value;
  else write(/** @type {Record<string, unknown>} */ (into[name] ??= {}), rest.join('.'), value);
}

/**
 * @param {object} from
 * @param {string} path
 * @returns {unknown}
 */
const read = (from, path) => path.split('.').reduce((/** @type {unknown} */ inner, name) => (inner && typeof inner === 'object' ? Reflect.get(inner, name) : undefined), from);
