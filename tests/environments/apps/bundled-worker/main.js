// A page whose worker, made by a bundler, asks.

import { given, show } from './show.js';

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
worker.postMessage(given());
show(
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Error('the worker failed'));
  }),
);
