'use server';

import { signGrant } from 'realtimekit-moderator/grant';

const { GRANT_SECRET = '', APP_ID = '', MEETING_ID = '' } = process.env;

/** A real app first checks who is signed in, and whether they may moderate this meeting. */
export async function moderatorGrant(): Promise<string> {
  return await signGrant(
    {
      sub: 'ann@example.com',
      name: 'Ann',
      appId: APP_ID,
      meetingId: MEETING_ID,
      can: ['read', 'kick', 'mute', 'audit'],
    },
    GRANT_SECRET,
  );
}
