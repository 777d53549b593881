// The same for ES modules.

import emulator from './index.cjs';

export const { binaryPath, startEmulator } = emulator;
