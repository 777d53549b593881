// A page whose service worker asks.

import { settings, show } from './show.js';

async function answer() {
  await navigator.serviceWorker.register('./service-worker.js', { type: 'module' });
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  active.postMessage(settings(), [port2]);
  return answered;
}

show(answer());
