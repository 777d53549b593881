// The page, of code that requires.

const Cloudflare = require('realtimekit-moderator');
const { ask } = require('./ask.js');
const { settings, show } = require('./show.js');

show(ask(Cloudflare, settings()));
