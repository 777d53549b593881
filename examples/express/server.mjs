// An app with a sign-in, which signs grants only for its moderators.

import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { signGrant } from 'realtimekit-moderator/grant';

const { GATEWAY, GRANT_SECRET, APP_ID, MEETING_ID, PORT = 3000 } = process.env;

/** The people of this app. Yours has a database, and an identity provider. */
const PEOPLE = { ann: { name: 'Ann', moderates: [MEETING_ID] }, bo: { name: 'Bo', moderates: [] } };
const sessions = new Map();

const app = express();

app.post('/sign-in/:person', (request, response) => {
  const { person } = request.params;
  if (!Object.hasOwn(PEOPLE, person)) return response.sendStatus(404);
  const session = randomBytes(16).toString('hex');
  sessions.set(session, person);
  response.cookie('session', session, { httpOnly: true, sameSite: 'strict' });
  response.sendStatus(204);
});

/** Who sent a request: the person of the session in its cookie. */
function personOf(request) {
  const [, session] = /(?:^|; )session=(\w+)/.exec(request.headers.cookie ?? '') ?? [];
  return sessions.get(session);
}

app.get('/moderator-grant', async (request, response) => {
  const person = personOf(request);
  if (!person) return response.status(401).send('sign in first');
  const { name, moderates } = PEOPLE[person];
  if (!moderates.includes(MEETING_ID)) return response.status(403).send('not your meeting');
  const grant = await signGrant(
    {
      sub: person,
      name,
      appId: APP_ID,
      meetingId: MEETING_ID,
      can: ['read', 'kick', 'mute', 'audit'],
      expiresIn: 15 * 60,
    },
    GRANT_SECRET,
  );
  response.set('cache-control', 'no-store').type('text/plain').send(grant);
});

app.get('/settings.json', (_request, response) => response.json({ gateway: GATEWAY }));
const folder = (name) => express.static(fileURLToPath(new URL(name, import.meta.url)));
app.use('/realtimekit-moderator', folder('./node_modules/realtimekit-moderator'));
app.use(folder('./public'));

const server = app.listen(PORT, () => {
  console.log(`Local: http://localhost:${server.address().port}/`);
});
