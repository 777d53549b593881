// The entry `realtimekit-moderator/element`: defines the element where custom elements exist.

import { RtkModerator } from './moderator.js';

// A server has no custom elements. The import must not fail there.
if (globalThis.document && !customElements.get('rtk-moderator'))
  customElements.define('rtk-moderator', RtkModerator);

export { RtkModerator };
