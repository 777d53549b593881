// A page that imports the package and does not call.

import '/node_modules/realtimekit-moderator/index.js';

document.querySelector('output').textContent = 'imported';
