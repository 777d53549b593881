// An app written for cloudflare@7.3.0, which is installed as cloudflare-7. tsc compiles it so;
// tests/package/types.test.mjs swaps its imports for ours, as docs/moving.md says, and compiles it again.

import Cloudflare, { APIError, NotFoundError } from 'cloudflare-7';
import type { ClientOptions } from 'cloudflare-7';
import type {
  ActiveSessionCreatePollParams,
  ActiveSessionGetActiveSessionResponse,
  ActiveSessionKickParticipantsParams,
} from 'cloudflare-7/resources/realtime-kit/active-session';
import type { MeetingUpdateMeetingByIDParams } from 'cloudflare-7/resources/realtime-kit/meetings';
import type { SessionGetSessionParticipantsResponse } from 'cloudflare-7/resources/realtime-kit/sessions';

type Person = SessionGetSessionParticipantsResponse.Data.Participant;
type Storage = NonNullable<MeetingUpdateMeetingByIDParams.RecordingConfig['storage_config']>;

const settings: ClientOptions = {
  apiToken: 'token',
  baseURL: null,
  timeout: 5_000,
  maxRetries: 3,
  logLevel: 'debug',
  logger: console,
  fetchOptions: { cache: 'no-store' },
  defaultHeaders: { 'x-app': ['mine', 'yours'], 'x-none': null },
  defaultQuery: { verbose: undefined },
};

export class Moderation {
  #client = new Cloudflare(settings);
  #options = {
    signal: AbortSignal.timeout(9_000),
    headers: new Headers({ a: 'b' }),
    fetchOptions: { keepalive: true },
  };

  constructor(
    readonly app_id: string,
    readonly meeting: string,
    readonly account_id: string,
  ) {}

  get #ids() {
    return { app_id: this.app_id, account_id: this.account_id };
  }

  patient(): Cloudflare {
    const patient = this.#client.withOptions({ timeout: 100_000, logger: undefined });
    patient.logLevel = 'off';
    patient.maxRetries = this.#client.maxRetries + 1;
    return patient;
  }

  async session(): Promise<ActiveSessionGetActiveSessionResponse.Data | undefined> {
    const { realtimeKit } = this.#client;
    try {
      const response = await realtimeKit.activeSession.getActiveSession(
        this.meeting,
        this.#ids,
        this.#options,
      );
      return response.data;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      if (error instanceof Cloudflare.RateLimitError) {
        console.warn(error.headers.get('retry-after'), [...error.headers]);
      }
      if (error instanceof APIError) {
        const status: number | undefined = error.status;
        const headers: Headers | undefined = error.headers;
        console.error(status, headers, error.errors[0]?.message, error.message);
      }
      throw error;
    }
  }

  async poll(poll: Omit<ActiveSessionCreatePollParams, 'account_id' | 'app_id'>): Promise<number> {
    const params: ActiveSessionCreatePollParams = { ...this.#ids, ...poll };
    const call = this.#client.realtimeKit.activeSession.createPoll(this.meeting, params);
    const { data, response } = await call.withResponse();
    return data.data?.poll?.options.length ?? response.status;
  }

  async clear(people: Person[]): Promise<number> {
    const { activeSession } = this.#client.realtimeKit;
    const params: ActiveSessionKickParticipantsParams = { ...this.#ids, participant_ids: [] };
    for (const { user_id, peer_events = [] } of people) {
      const left = peer_events.some(({ event_name }) => event_name === 'PEER_LEAVING');
      if (user_id && !left) params.participant_ids?.push(user_id);
    }
    const kicked = await activeSession.kickParticipants(this.meeting, params);
    const all = await activeSession.kickAllParticipants(this.meeting, this.#ids);
    return (kicked.data?.participants?.length ?? 0) + (all.data?.kicked_participants_count ?? 0);
  }

  async close(storage_config: Storage): Promise<string | undefined> {
    const { meetings } = this.#client.realtimeKit;
    const { data } = await meetings.updateMeetingByID(this.meeting, {
      ...this.#ids,
      status: 'INACTIVE',
      recording_config: { video_config: { codec: 'VP9' }, storage_config },
    });
    const stored = data?.recording_config?.storage_config;
    if (stored?.type === 'gcs') console.log(stored.bucket);
    await meetings.deleteMeetingParticipant('participant', {
      ...this.#ids,
      meeting_id: this.meeting,
    });
    return (await meetings.getMeetingByID(this.meeting, this.#ids)).data?.title;
  }
}
