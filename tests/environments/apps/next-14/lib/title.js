// Reads a meeting's title, as any server code of an app would: nothing says that it must be fresh.

import Cloudflare from 'realtimekit-moderator';

export async function title(meeting) {
  const { options, app_id, meeting_id } = JSON.parse(process.env.SETTINGS);
  const { meetings } = new Cloudflare(options).realtimeKit;
  const { data } = await meetings.getMeetingByID(meeting ?? meeting_id, { app_id });
  return data.title;
}
