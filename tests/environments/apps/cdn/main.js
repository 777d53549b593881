// A page that has the package from another origin.

import { ask } from './ask.js';
import { given, show } from './show.js';

const { cdn, ...rest } = given();
show(import(cdn).then(({ default: Cloudflare }) => ask(Cloudflare, rest)));
