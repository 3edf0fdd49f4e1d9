// @ts-check
/** `npm run crate`: is the crate fit to be published? */
import { join } from 'node:path';
import { must, run } from './command.mjs';
import { at, EXE, TOOLS } from './paths.mjs';
import { toolchain } from './setup.mjs';
import { script, step } from './step.mjs';

const CARGO_DENY = '0.20.2';

/** No set of features has a warning, as `cargo hack --feature-powerset` would find it. */
export async function features() {
  const { packages } = JSON.parse(await must('cargo', ['metadata', '--format-version=1', '--no-deps']));
  const known = Object.keys(packages.find((/** @type {{ name: string }} */ { name }) => name === 'reprieve').features).filter((name) => name !== 'default');
  for (let set = 0; set < 2 ** known.length; set++) {
    const chosen = known.filter((_, place) => set & (2 ** place)).join();
    await must('cargo', ['clippy', '--quiet', '--lib', '--no-default-features', '--features', chosen, '--', '-D', 'warnings']);
  }
}

/** The documentation, of a back end and of everything. */
export async function docs() {
  for (const more of [[], ['--all-features']]) await must('cargo', ['doc', '--quiet', '--no-deps', ...more], { env: { RUSTDOCFLAGS: '-D warnings' } });
}

/** What a user downloads: enough to compile, and nothing else. */
async function packed() {
  const files = (await must('cargo', ['package', '--quiet', '--list', '--allow-dirty'])).trim().split(/\r?\n/).map((path) => path.replaceAll('\\', '/'));
  const expected = /^(src\/.+|examples\/reqwest\.rs|README\.md|CHANGELOG\.md|LICENSE(-MIT|-APACHE)?|Cargo\.(toml|toml\.orig|lock)|\.cargo_vcs_info\.json)$/;
  const strangers = files.filter((path) => !expected.test(path));
  if (strangers.length > 0) throw new Error(`no user needs ${strangers.join(', ')}`);
  const output = await must('cargo', ['package', '--allow-dirty', '--color', 'never']);
  // Tests stay here: that is said of each.
  const warnings = output.split('\n').filter((line) => /^warning: (?!ignoring (test|example) )/.test(line));
  if (warnings.length > 0) throw new Error(output);
}

/** Licences and sources of all that is compiled. Without the advisories, which are fetched from elsewhere. */
async function deny() {
  const program = join(TOOLS, `cargo-deny${EXE}`);
  const found = await run(program, ['--version']);
  if (found.output.trim() !== `cargo-deny ${CARGO_DENY}`) {
    await step(`Installing cargo-deny ${CARGO_DENY} (about 3 minutes)`, () =>
      must('cargo', ['install', 'cargo-deny', '--version', `=${CARGO_DENY}`, '--locked', '--root', at('target', 'tools')]),
    );
  }
  await must(program, ['--workspace', 'check', 'licenses', 'sources', 'bans']);
}

await script(import.meta.url, async () => {
  await toolchain();
  await step('Every set of features', features);
  await step('Documentation', docs);
  await step('The package', packed);
  await step('The example with reqwest', () => must('cargo', ['run', '--quiet', '--example', 'reqwest', '--features', 'http']));
  await deny();
  console.log('Licences and sources are allowed by deny.toml.');
});
