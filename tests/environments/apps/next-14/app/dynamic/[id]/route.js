// A route whose path has the ID.

import { title } from '../../../lib/title.js';

export async function GET(_request, { params }) {
  return new Response(await title(params.id));
}
