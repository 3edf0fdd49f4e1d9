export * from '../pkg/index.js';
