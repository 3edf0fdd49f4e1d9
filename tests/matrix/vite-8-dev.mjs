// @ts-check
export const name = 'Vite 8, dev server';
export const packages = { vite: '8.3.8' };

export { serveByVite as run } from './kit/vite.mjs';
