// @ts-check
import { createFetch } from 'reprieve';

/** @param {import('../index.js').Options} [options] */
export const reprieve = (options) => ({ fetchFn: createFetch(options) });
