// @ts-check
/** Chromium with its driver, and Firefox: found, installed where this machine lets us, or asked for in plain words. */
import { constants } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { at, EXE } from './paths.mjs';
import { step } from './step.mjs';

const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/Applications/Google Chrome.app/Contents/MacOS',
  '/Applications/Chromium.app/Contents/MacOS',
  '/Applications/Firefox.app/Contents/MacOS',
];

/** @param {string[]} names */
async function find(names) {
  for (const name of names) {
    for (const folder of FOLDERS) {
      const path = join(folder, name + EXE);
      if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
    }
  }
  return null;
}

/**
 * @param {string} title
 * @param {string[][]} packages alternatives
 */
async function install(title, packages) {
  if (process.platform !== 'linux' || !(await find(['apt-get']))) return;
  const root = process.getuid?.() === 0;
  if (!root && (await run('sudo', ['-n', 'true'])).code !== 0) return;
  /** @param {string[]} parameters */
  const apt = (parameters) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...parameters];
    return root ? run(command[0], command.slice(1)) : run('sudo', ['-n', ...command]);
  };
  try {
    await step(`Installing ${title} with apt-get`, async () => {
      await apt(['update']);
      let output = '';
      for (const names of packages) {
        const result = await apt(['install', '-y', '--no-install-recommends', ...names]);
        if (result.code === 0) return;
        output += result.output;
      }
      throw new Error(output);
    });
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
  }
}

/**
 * @template T
 * @typedef {object} Needed
 * @property {string} title
 * @property {() => Promise<T | null>} present
 * @property {string[][]} packages Debian's names, then Ubuntu's
 * @property {Partial<Record<NodeJS.Platform, string>> & { linux: string }} advice
 */

/**
 * @template T
 * @param {Needed<T>} needed
 * @returns {() => Promise<T>}
 */
function provided({ title, present, packages, advice }) {
  /** @type {Promise<T> | undefined} */
  let known;
  return () => (known ??= (async () => {
    const found = (await present()) ?? (await install(title, packages), await present());
    if (!found) throw new Error(`Missing: ${title}. Install: ${advice[process.platform] ?? advice.linux}`);
    return found;
  })());
}

export const chromium = provided({
  title: 'Chromium and its driver',
  present: async () => {
    const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'Google Chrome', 'Chromium'];
    const browser = process.env.REPRIEVE_CHROMIUM || (await find(names));
    const driver = process.env.CHROMEDRIVER || (await find(['chromedriver']));
    return browser && driver ? { browser, driver } : null;
  },
  packages: [['chromium', 'chromium-driver'], ['chromium-browser', 'chromium-chromedriver']],
  advice: {
    darwin: 'brew install --cask chromium && brew install chromedriver',
    win32: 'Google Chrome and the chromedriver of the same version, both on PATH',
    linux: 'sudo apt-get install chromium chromium-driver (Fedora: sudo dnf install chromium chromedriver; Arch: sudo pacman -S chromium)',
  },
});

export const firefox = provided({
  title: 'Firefox',
  present: async () => process.env.REPRIEVE_FIREFOX || (await find(['firefox-esr', 'firefox'])),
  packages: [['firefox-esr'], ['firefox']],
  advice: {
    darwin: 'brew install --cask firefox',
    win32: 'Firefox, on PATH',
    linux: 'sudo apt-get install firefox-esr (Ubuntu: firefox; Fedora: sudo dnf install firefox; Arch: sudo pacman -S firefox)',
  },
});

/**
 * webdriver.json with the browser's path in it; gives the new file.
 * @param {string} browser
 */
export async function capabilities(browser) {
  const content = JSON.parse(await readFile(at('webdriver.json'), 'utf8'));
  content['goog:chromeOptions'].binary = browser;
  await mkdir(at('target'), { recursive: true });
  await writeFile(at('target', 'webdriver.json'), JSON.stringify(content));
  return at('target', 'webdriver.json');
}
