// The one call, for CommonJS, by the names that it has there.

const { Cloudflare, NotFoundError, APIError } = require('realtimekit-moderator');

exports.ask = async (Given, { options, app_id, meeting_id }) => {
  const same = [Cloudflare, Given.default, Given.Cloudflare].every((one) => one === Given);
  if (!same || !(NotFoundError.prototype instanceof APIError)) throw new Error('names');
  const client = new Given(options);
  const { data } = await client.realtimeKit.activeSession.getActiveSession(app_id, meeting_id);
  return data.id;
};
