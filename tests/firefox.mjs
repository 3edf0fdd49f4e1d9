// @ts-check
import { firefox } from 'playwright-core';

/** Headless Firefox with an empty profile: an ordinary one, by WebDriver BiDi. */
export const launch = () => firefox.launch({ channel: 'moz-firefox', executablePath: process.env.REPRIEVE_FIREFOX || '/usr/bin/firefox' });
