// @ts-check
/** The core as plain JavaScript. */

import * as plain from './dist/plain.js';
import { decode, encode } from './utf8.js';

export const REMEDY = 'this is a bug';

export const start = () => plain.start(encode, decode);

export function prepare() {}

export async function load() {}
