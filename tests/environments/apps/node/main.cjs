// An app that is CommonJS.

const Cloudflare = require('realtimekit-moderator');
const { ask } = require('./ask.cjs');

ask(Cloudflare, JSON.parse(process.argv[2])).then(console.log);
