#!/usr/bin/env node
// The command of the package.

'use strict';

require('./binary.cjs').run();
