// A server component, which asks on the server.

import Cloudflare from 'realtimekit-moderator';
import { ask } from '../../ask';

export const dynamic = 'force-dynamic';

export default async function Page() {
  return <output>{await ask(Cloudflare, JSON.parse(process.env.SETTINGS))}</output>;
}
