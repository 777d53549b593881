// A page that may ask later.

import '/node_modules/realtimekit-moderator/index.js';

document.querySelector('output').textContent = 'imported';
