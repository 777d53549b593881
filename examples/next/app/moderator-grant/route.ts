// The same for what is no React component: GET /moderator-grant responds with a grant as plain text.

import { connection } from 'next/server';
import { moderatorGrant } from '../moderator-grant';

export async function GET() {
  // A grant for each request, and none while Next builds.
  await connection();
  return new Response(await moderatorGrant(), { headers: { 'cache-control': 'no-store' } });
}
