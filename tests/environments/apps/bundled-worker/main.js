// A page whose worker, made by a bundler, asks.

import { settings, show } from './show.js';

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
worker.postMessage(settings());
show(
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Error('the worker failed'));
  }),
);
