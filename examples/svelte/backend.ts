// Signs grants in Vite's dev and preview servers. In production your backend does this: see ../express.

import process from 'node:process';
import { signGrant } from 'realtimekit-moderator/grant';
import type { Connect, Plugin } from 'vite';

const { GRANT_SECRET = '', APP_ID = '', MEETING_ID = '' } = process.env;

/** A real backend first checks who is signed in, and whether they may moderate this meeting. */
const respond: Connect.NextHandleFunction = async (_request, response) => {
  const grant = await signGrant(
    {
      sub: 'ann@example.com',
      name: 'Ann',
      appId: APP_ID,
      meetingId: MEETING_ID,
      can: ['read', 'kick', 'mute', 'audit'],
    },
    GRANT_SECRET,
  );
  response.setHeader('content-type', 'text/plain');
  response.setHeader('cache-control', 'no-store');
  response.end(grant);
};

export const grants = (): Plugin => ({
  name: 'grants',
  configureServer: ({ middlewares }) => void middlewares.use('/moderator-grant', respond),
  configurePreviewServer: ({ middlewares }) => void middlewares.use('/moderator-grant', respond),
});
