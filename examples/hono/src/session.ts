// The people of this app and their sessions. Yours has a database, and an identity provider.

import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { sign, verify } from 'hono/jwt';

export interface Env {
  Bindings: {
    GATEWAY: string;
    APP_ID: string;
    MEETING_ID: string;
    GRANT_SECRET: string;
    SESSION_SECRET: string;
  };
}

const PEOPLE = new Map([
  ['ann', { id: 'ann', name: 'Ann', isModerator: true }],
  ['bo', { id: 'bo', name: 'Bo', isModerator: false }],
]);
const HOURS = 8;

/** Starts the session of a person. Returns whether the app knows them. */
export async function signIn(c: Context<Env>, id: string): Promise<boolean> {
  if (!PEOPLE.has(id)) return false;
  const exp = Math.floor(Date.now() / 1000) + HOURS * 3600;
  const session = await sign({ sub: id, exp }, c.env.SESSION_SECRET, 'HS256');
  setCookie(c, 'session', session, { httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
  return true;
}

/** The person of the session in a request's cookie. */
export async function personOf(c: Context<Env>) {
  const session = getCookie(c, 'session');
  if (!session) return undefined;
  try {
    const { sub } = await verify(session, c.env.SESSION_SECRET, 'HS256');
    return PEOPLE.get(String(sub));
  } catch {
    // It is expired, or not this app's.
    return undefined;
  }
}
