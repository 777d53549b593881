// A page that has the package from another origin.

import { ask } from './ask.js';
import { settings, show } from './show.js';

const { cdn, ...rest } = settings();
show(import(cdn).then(({ default: Cloudflare }) => ask(Cloudflare, rest)));
