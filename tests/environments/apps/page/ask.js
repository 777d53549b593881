// The one call that every app makes: returns the ID of the session.

export async function ask(Cloudflare, { options, app_id, meeting_id }) {
  const client = new Cloudflare(options);
  const { data } = await client.realtimeKit.activeSession.getActiveSession(app_id, meeting_id);
  return data.id;
}
