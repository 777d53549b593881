// An app whose own wasm files are modules: the rule takes the package's file for one, too.

export default {
  entry: './main.js',
  mode: 'production',
  experiments: { asyncWebAssembly: true },
  module: { rules: [{ test: /\.wasm$/, type: 'webassembly/async' }] },
};
