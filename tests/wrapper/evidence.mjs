// @ts-check
/** Reads the files behind the vectors: dialect examples, vectors, suites. */
import { readdir, readFile } from 'node:fs/promises';

/** @param {string} path below the root of the project */
const json = async (path) => JSON.parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8'));

/** @param {string} file below tests/ */
async function lines(file) {
  const text = await readFile(new URL(`../${file}.jsonl`, import.meta.url), 'utf8');
  return text.trim().split('\n').map((line) => JSON.parse(line));
}

/** @returns {Promise<import('../vectors.mjs').Data>} */
export async function collect() {
  const files = (await readdir(new URL('../../src/dialects/', import.meta.url))).filter((name) => name.endsWith('.json') && name !== 'schema.json');
  const dialects = await Promise.all(files.sort().map((name) => json(`src/dialects/${name}`)));
  const suite = async (/** @type {string} */ name) => (await json(`tests/suites/${name}.json`)).cases;
  const policies = await json('tests/suites/policies.json');
  return {
    dialects: dialects.map(({ id, examples }) => ({ id, examples })),
    vectors: {
      classify: await json('tests/vectors/classify.json'),
      decide: await json('tests/vectors/decide.json'),
      load: await json('tests/vectors/load.json'),
      delay: await json('tests/vectors/delay.json'),
      generic: await json('tests/vectors/generic.json'),
    },
    suites: {
      http_date: await suite('http_date'),
      json_torture: await suite('json_torture'),
      problem_json: await suite('problem_json'),
      naughty_strings: await suite('naughty_strings'),
      structured_fields: await suite('structured_fields'),
      json_pointer: await suite('json_pointer'),
    },
    engine: {
      suites: Object.fromEntries(await Promise.all(Object.keys(policies).map(async (name) => [name, await suite(name)]))),
      policies,
      exceptions: await json('tests/suites/exceptions.json'),
    },
    pointerDocument: (await json('tests/suites/json_pointer.json')).document,
    words: (await json('src/words.json')).examples,
    corpus: (await Promise.all(['corpus/vendor', 'corpus/standard', 'corpus/framework', 'corpus/edge'].map(lines))).flat(),
    further: (await Promise.all(['further/vendors', 'further/shapes-1', 'further/shapes-2'].map(lines))).flat(),
  };
}
