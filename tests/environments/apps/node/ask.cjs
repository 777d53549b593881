// The one call, for CommonJS, with the names that CommonJS has.

const { Cloudflare, NotFoundError, APIError } = require('realtimekit-moderator');

exports.ask = async (Client, { options, app_id, meeting_id }) => {
  const same = [Cloudflare, Client.default, Client.Cloudflare].every((one) => one === Client);
  if (!same || !(NotFoundError.prototype instanceof APIError)) throw new Error('names');
  const client = new Client(options);
  const { data } = await client.realtimeKit.activeSession.getActiveSession(app_id, meeting_id);
  return data.id;
};
