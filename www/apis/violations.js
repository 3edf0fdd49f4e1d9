// @ts-check

/** @typedef {import('@cfworker/json-schema').OutputUnit} Violation */
/** @typedef {import('./draft.js').Problem} Problem */
/** @typedef {{[name: string]: any}} Schema */

/** What only says that something further in does not fit. */
const AROUND = ['properties', 'items', '$ref', 'propertyNames', 'false'];

/** @type {Record<string, string>} */
const TYPES = { string: 'a text', number: 'a number', integer: 'a whole number', object: 'an object', array: 'a list', boolean: 'true or false', null: 'null' };

/** What the schema's patterns ask for. @type {Record<string, string>} */
const PATTERNS = { '^/': '"/json/pointer"', '^=': '"=literal"', '^header:': '"header:name"', '^https://': 'an address that begins with https://' };

/**
 * What a validator found, without what only repeats it: of alternatives of which none fits, the one that was meant, or all in one sentence.
 *
 * @param {Violation[]} violations Of a schema that was asked for all of them.
 * @param {Schema} schema
 * @returns {Problem[]}
 */
export function explain(violations, schema) {
  /** @type {Problem[]} */
  const problems = [];
  for (let index = 0; index < violations.length; index += 1) {
    const violation = violations[index];
    const { keyword, instanceLocation } = violation;
    if (keyword === 'anyOf') {
      const end = violations.findIndex((other, at) => at > index && !isBelow(other, violation));
      const inside = violations.slice(index + 1, end < 0 ? undefined : end);
      problems.push(...alternatives(violation, inside, schema));
      index += inside.length;
    } else if (keyword === 'additionalProperties' && violations[index + 1]?.keyword === 'false') {
      const known = Object.keys(find(schema, parent(violation.keywordLocation)).properties);
      problems.push({ pointer: pointer(violations[index + 1].instanceLocation), reason: `unknown member; expected one of ${known.join(', ')}` });
    } else if (keyword === 'required') {
      problems.push({ pointer: pointer(instanceLocation), reason: `the member ${missing(violation)} is missing` });
    } else if (!AROUND.includes(keyword) && keyword !== 'additionalProperties') {
      problems.push({ pointer: pointer(instanceLocation), reason: `expected ${expected(violation, schema)}` });
    }
  }
  return problems.filter(({ pointer, reason }, index) => problems.findIndex((other) => other.pointer === pointer && other.reason === reason) === index);
}

/**
 * @param {Violation} anyOf
 * @param {Violation[]} inside
 * @param {Schema} schema
 * @returns {Problem[]}
 */
function alternatives(anyOf, inside, schema) {
  /** @type {Map<string, Violation[]>} */
  const branches = new Map();
  let name = '';
  for (const violation of inside) {
    // An unknown member is said to be at its own place, not at the schema's.
    if (violation.keyword !== 'false') [name] = violation.keywordLocation.slice(anyOf.keywordLocation.length + 1).split('/');
    branches.set(name, [...(branches.get(name) ?? []), violation]);
  }
  const isOtherType = (/** @type {Violation} */ { keyword, instanceLocation }) => keyword === 'type' && instanceLocation === anyOf.instanceLocation;
  const meant = [...branches.values()].filter((branch) => !branch.some(isOtherType));
  if (meant.length === 1) return explain(meant[0], schema);
  const leaves = (meant.length > 0 ? meant.flat() : inside).filter(({ keyword }) => !AROUND.includes(keyword) && keyword !== 'anyOf');
  const place = pointer(anyOf.instanceLocation);
  if (leaves.every(({ keyword }) => keyword === 'required')) return [{ pointer: place, reason: `expected at least one of ${leaves.map(missing).join(', ')}` }];
  return [{ pointer: place, reason: `expected ${[...new Set(leaves.map((leaf) => expected(leaf, schema)))].join(' or ')}` }];
}

/**
 * @param {Violation} violation
 * @param {Schema} schema
 */
function expected({ keyword, keywordLocation }, schema) {
  const wanted = find(schema, keywordLocation);
  switch (keyword) {
    case 'type':
      return [wanted].flat().map((type) => TYPES[type]).join(' or ');
    case 'enum':
      return `one of ${wanted.join(', ')}`;
    case 'const':
      return JSON.stringify(wanted);
    case 'pattern':
      return PATTERNS[wanted] ?? `a text like ${wanted}`;
    case 'minLength':
      return 'a text that is not empty';
    case 'minimum':
      return `a number from ${wanted} on`;
    case 'maximum':
      return `a number up to ${wanted}`;
    case 'contains':
      return 'at least one address that begins with https://';
    default:
      return `what the schema says under ${keyword}`;
  }
}

/** @param {Violation} violation */
const missing = ({ error }) => /property (".*")/s.exec(error)?.[1] ?? '';

/**
 * @param {Violation} one
 * @param {Violation} other
 */
function isBelow({ keyword, keywordLocation, instanceLocation }, other) {
  const isInside = instanceLocation === other.instanceLocation || instanceLocation.startsWith(`${other.instanceLocation}/`);
  return isInside && (keyword === 'false' || keywordLocation.startsWith(`${other.keywordLocation}/`));
}

/** @param {string} location */
const parent = (location) => location.slice(0, location.lastIndexOf('/'));

/** A location is a pointer in the form of a fragment. @param {string} location */
const pointer = (location) => decodeURI(location.slice(1));

/**
 * What stands at a place of the schema, whose `$ref`s are followed.
 *
 * @param {Schema} schema
 * @param {string} location
 * @returns {any}
 */
function find(schema, location) {
  let node = schema;
  for (const name of pointer(location).split('/').slice(1)) {
    node = name === '$ref' ? find(schema, node.$ref) : node[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return node;
}
