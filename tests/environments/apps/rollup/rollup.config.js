// Packages are found by their names: Rollup itself does not look for them.

import { nodeResolve } from '@rollup/plugin-node-resolve';

const browser = process.env.FOR_BROWSER === 'yes';

export default {
  input: 'main.js',
  output: { file: 'dist/main.js' },
  plugins: [nodeResolve({ browser })],
};
