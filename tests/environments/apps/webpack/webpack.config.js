// All that this app needs of webpack.

export default { entry: './main.js', mode: 'production' };
