// @ts-check
export { classify, classifyResponse } from './classify.js';
export { ApiError, OptionsError } from './errors.js';
export { createFetch, explain, failureOf, shouldRetry } from './fetch.js';
export { init } from './instance.js';
export { Policy } from './policy.js';
