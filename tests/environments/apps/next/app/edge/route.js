// A route of the edge runtime, which asks there.

import Cloudflare from 'realtimekit-moderator';
import { ask } from '../../ask';

export const runtime = 'edge';

export async function GET() {
  return new Response(await ask(Cloudflare, JSON.parse(process.env.SETTINGS)));
}
