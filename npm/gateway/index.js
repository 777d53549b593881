// The same for ES modules.

import gateway from './index.cjs';

export const { binaryPath, pagePath } = gateway;
