// A page whose worker asks.

import { settings, show } from './show.js';

const worker = new Worker('./worker.js', { type: 'module' });
worker.postMessage(settings());
show(
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Error('the worker failed'));
  }),
);
