// The Worker: a page with a sign-in, and a route that signs grants for the app's moderators.

import { Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import { signGrant } from 'realtimekit-moderator/grant';
import { Page } from './page';
import { personOf, signIn } from './session';
import type { Env } from './session';

const app = new Hono<Env>();
app.use(csrf());

app.get('/', async (c) => {
  const person = await personOf(c);
  return c.html(html`<!doctype html>${(<Page name={person?.name} gateway={c.env.GATEWAY} />)}`);
});

app.post('/sign-in/:person', async (c) => {
  const known = await signIn(c, c.req.param('person'));
  return known ? c.redirect('/', 303) : c.notFound();
});

app.get('/moderator-grant', async (c) => {
  const person = await personOf(c);
  if (!person) return c.text('sign in first', 401);
  const { APP_ID, MEETING_ID, GRANT_SECRET } = c.env;
  if (!person.isModerator) return c.text('not your meeting', 403);
  const grant = await signGrant(
    {
      sub: person.id,
      name: person.name,
      appId: APP_ID,
      meetingId: MEETING_ID,
      can: ['read', 'kick', 'mute', 'audit'],
      expiresIn: 15 * 60,
    },
    GRANT_SECRET,
  );
  return c.text(grant, 200, { 'cache-control': 'no-store' });
});

export default app;
