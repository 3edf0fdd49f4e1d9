// @ts-check
import { chromium } from 'playwright-core';

/** Headless Chromium with an empty profile. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.REPRIEVE_CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
