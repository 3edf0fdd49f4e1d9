// @ts-check
/** Chromium and its driver: found, installed where this machine lets us, or asked for in plain words. */
import { constants } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './command.mjs';
import { at, EXE } from './paths.mjs';
import { step } from './step.mjs';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/Applications/Google Chrome.app/Contents/MacOS',
  '/Applications/Chromium.app/Contents/MacOS',
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

async function present() {
  const browser = process.env.REPRIEVE_CHROMIUM || (await find([...BROWSERS, 'Google Chrome', 'Chromium']));
  const driver = process.env.CHROMEDRIVER || (await find(['chromedriver']));
  return browser && driver ? { browser, driver } : null;
}

/** Debian's names, then Ubuntu's. */
const PACKAGES = [['chromium', 'chromium-driver'], ['chromium-browser', 'chromium-chromedriver']];

async function install() {
  if (process.platform !== 'linux' || !(await find(['apt-get']))) return;
  const root = process.getuid?.() === 0;
  if (!root && (await run('sudo', ['-n', 'true'])).code !== 0) return;
  /** @param {string[]} parameters */
  const apt = (parameters) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...parameters];
    return root ? run(command[0], command.slice(1)) : run('sudo', ['-n', ...command]);
  };
  try {
    await step('Installing Chromium and its driver with apt-get', async () => {
      await apt(['update']);
      let output = '';
      for (const names of PACKAGES) {
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

function advice() {
  if (process.platform === 'darwin') return 'brew install --cask chromium && brew install chromedriver';
  if (process.platform === 'win32') return 'install Google Chrome and the chromedriver of the same version, both on PATH';
  return 'sudo apt-get install chromium chromium-driver (Fedora: sudo dnf install chromium chromedriver; Arch: sudo pacman -S chromium)';
}

/** @type {Promise<{ browser: string, driver: string }> | undefined} */
let known;

/** @returns {Promise<{ browser: string, driver: string }>} */
export function chromium() {
  known ??= (async () => {
    const found = (await present()) ?? (await install(), await present());
    if (!found) throw new Error(`Chromium and chromedriver are missing. Install them: ${advice()}`);
    return found;
  })();
  return known;
}

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
