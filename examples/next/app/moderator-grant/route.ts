// The same for what is no React component: GET /moderator-grant responds with a grant as plain text.

import { moderatorGrant } from '../moderator-grant';

export const dynamic = 'force-dynamic';

export async function GET() {
  return new Response(await moderatorGrant(), { headers: { 'cache-control': 'no-store' } });
}
