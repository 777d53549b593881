// A program where some code imports and some requires: prints what is not the same.

import { createRequire } from 'node:module';
import Default, * as imported from 'realtimekit-moderator';
import SlimDefault, * as slimImported from 'realtimekit-moderator/slim';

const require = createRequire(import.meta.url);
const required = require('realtimekit-moderator');
const slim = require('realtimekit-moderator/slim');

const differences = Object.keys(imported).filter(
  (name) =>
    imported[name] === undefined ||
    [required, slim, slimImported].some((other) => other[name] !== imported[name]),
);
if (required !== Default || SlimDefault !== Default) differences.push('the class');
if (slim.initialize !== slimImported.initialize) differences.push('initialize');
console.log(JSON.stringify(differences));
