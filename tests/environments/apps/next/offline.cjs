// Keeps the dev server from requesting the newest version from the npm registry: there is no setting for that.

const { fetch } = globalThis;

globalThis.fetch = (...args) => {
  const { hostname } = new URL(new Request(...args).url);
  return hostname === '127.0.0.1' ? fetch(...args) : Promise.reject(new TypeError('offline'));
};
