// What the package's `realtimekit-moderator/element` is: the element, defined where elements can be.

import { RtkModerator } from './moderator.js';

// In a server's rendering there is none of it, and nothing is to break.
if (globalThis.document && !customElements.get('rtk-moderator'))
  customElements.define('rtk-moderator', RtkModerator);

export { RtkModerator };
