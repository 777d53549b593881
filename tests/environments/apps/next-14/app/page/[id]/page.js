// A server component whose path has the ID.

import { title } from '../../../lib/title.js';

export default async function Page({ params }) {
  return <output>{await title(params.id)}</output>;
}
