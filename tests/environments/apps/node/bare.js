// An app that leaves everything to the environment.

import Cloudflare from 'realtimekit-moderator';

console.log(new Cloudflare().baseURL);
