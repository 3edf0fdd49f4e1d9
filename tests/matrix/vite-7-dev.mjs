// @ts-check
export const name = 'Vite 7, dev server';
export const packages = { vite: '7.3.8' };

export { serveByVite as run } from './kit/vite.mjs';
