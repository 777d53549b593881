// An app written for cloudflare@6.5.0. tsc compiles it so; tests/types.test.mjs swaps its imports
// for ours, as docs/moving.md says, and compiles it again.

import Cloudflare, { APIError, NotFoundError } from 'cloudflare';
import type { ClientOptions } from 'cloudflare';
import type {
  ActiveSessionCreatePollParams,
  ActiveSessionGetActiveSessionResponse,
} from 'cloudflare/resources/realtime-kit/active-session';
import type { SessionGetSessionParticipantsResponse } from 'cloudflare/resources/realtime-kit/sessions';

type Person = SessionGetSessionParticipantsResponse.Data.Participant;
type Vote = Cloudflare.RealtimeKit.ActiveSessionCreatePollResponse['data'];

const settings: ClientOptions = {
  apiToken: 'token',
  baseURL: null,
  timeout: 5_000,
  maxRetries: 3,
  defaultHeaders: { 'x-app': 'mine', 'x-none': null },
  defaultQuery: { verbose: undefined },
};

export class Moderation {
  #client = new Cloudflare(settings);
  #options: Cloudflare.RequestOptions = { signal: AbortSignal.timeout(9_000), headers: { a: 'b' } };

  constructor(
    readonly app: string,
    readonly meeting: string,
    readonly account_id: string,
  ) {}

  async session(): Promise<ActiveSessionGetActiveSessionResponse.Data | undefined> {
    const { account_id } = this;
    const { realtimeKit } = this.#client;
    try {
      const answer = await realtimeKit.activeSession.getActiveSession(
        this.app,
        this.meeting,
        { account_id },
        this.#options,
      );
      return answer.data;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      if (error instanceof Cloudflare.RateLimitError) console.warn(error.headers?.['retry-after']);
      if (error instanceof APIError) {
        const status: number | undefined = error.status;
        console.error(status, error.errors[0]?.message, error.message);
      }
      throw error;
    }
  }

  async poll(poll: Omit<ActiveSessionCreatePollParams, 'account_id'>): Promise<Vote> {
    const params: ActiveSessionCreatePollParams = { account_id: this.account_id, ...poll };
    console.log(params.account_id.length);
    const call = this.#client.realtimeKit.activeSession.createPoll(this.app, this.meeting, params);
    const { data, response } = await call.withResponse();
    console.log(response.status);
    return data.data;
  }

  async clear(people: Person[]): Promise<number> {
    const { account_id } = this;
    const { activeSession } = this.#client.realtimeKit;
    const participant_ids = people.flatMap((person) => person.user_id ?? []);
    const kicked = await activeSession
      .kickParticipants(this.app, this.meeting, {
        account_id,
        participant_ids,
        custom_participant_ids: [],
      })
      .catch((error: unknown) => (error instanceof Error ? error : undefined));
    if (kicked && 'data' in kicked) return kicked.data?.participants?.length ?? 0;
    const all = await activeSession.kickAllParticipants(this.app, this.meeting, { account_id });
    return all.data?.kicked_participants_count ?? 0;
  }

  async close(): Promise<string | undefined> {
    const { account_id } = this;
    const { data } = await this.#client.realtimeKit.meetings.updateMeetingById(
      this.app,
      this.meeting,
      { account_id, status: 'INACTIVE', recording_config: { audio_config: { codec: 'MP3' } } },
    );
    return data?.ai_config?.transcription?.language;
  }
}
