// A route that Next renders at build time, unless something says that it cannot be.

import { title } from '../../lib/title.js';

export async function GET() {
  return new Response(await title());
}
