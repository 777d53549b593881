// Where the gateway and the moderator page are.

'use strict';

const { join } = require('node:path');

const { binaryPath } = require('./binary.cjs');

module.exports = { binaryPath, pagePath: () => join(__dirname, 'page') };
