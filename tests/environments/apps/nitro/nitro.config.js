// What Nitro needs to carry wasm files to Cloudflare: without `wasm` it takes them for JavaScript.

export default {
  preset: 'cloudflare-module',
  compatibilityDate: '2026-04-01',
  experimental: { wasm: true },
};
