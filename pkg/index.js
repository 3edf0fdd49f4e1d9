// @ts-check
export { classify, classifyResponse } from './classify.js';
export { ApiError, OptionsError } from './errors.js';
export { explain, failureOf, shouldRetry } from './explain.js';
export { createFetch } from './fetch.js';
export { init } from './instance.js';
export { Policy } from './policy.js';
