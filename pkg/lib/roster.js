// Who is in a session, by participants rather than by peers, and who came and went between two
// looks. (For Rust's watch `src/watch/roster.rs` does the same; `tests/cases/watch.json` holds both
// to it.)

/** @typedef {Record<string, any>} Peer */
/** @typedef {Record<string, any> & { key: string, present: boolean, peers: Peer[] }} Participant */

/**
 * What a look found. Of each participant also the JSON of their peers, by which they are compared.
 *
 * @typedef {object} Roster
 * @property {string | undefined} session
 * @property {Map<string, { text: string, participant: Participant }>} known In order of their
 *   first join.
 */

const FIELDS = ['user_id', 'custom_participant_id', 'display_name', 'preset_name'];

/**
 * Compares what a look found with what the one before did. Of the first, which has none before it,
 * nobody has come or gone.
 *
 * @param {Roster | undefined} before
 * @param {string | undefined} session
 * @param {Peer[]} peers
 */
export function compare(before, session, peers) {
  const changes = nobody();
  const same = before?.session === session ? before?.known : undefined;
  /** @type {Roster['known']} */
  const known = new Map();
  for (const [key, own] of grouped(peers)) {
    const was = same?.get(key);
    const text = JSON.stringify(own);
    if (was?.text === text) {
      known.set(key, was);
      continue;
    }
    const is = participantOf(key, own);
    known.set(key, { text, participant: is });
    if (before) note(changes, was?.participant, is);
  }
  for (const [key, { participant }] of before?.known ?? []) {
    if (participant.present && !(same && known.has(key))) {
      changes.left.push({ ...participant, present: false });
    }
  }
  return { roster: { session, known }, changes };
}

/** @returns {Record<'joined' | 'left' | 'cameBack', Participant[]>} */
export function nobody() {
  return { joined: [], left: [], cameBack: [] };
}

/**
 * @param {ReturnType<typeof nobody>} changes
 * @param {Participant | undefined} was
 * @param {Participant} is
 */
function note({ joined, left, cameBack }, was, is) {
  const moved = was?.present !== is.present;
  // Out, or in, at both looks: they may have been the other meanwhile.
  const meanwhile =
    !moved && (is.present ? wasOut(was.peers, is.peers) : is.peers.length > was.peers.length);
  if (!was) joined.push(is);
  if (meanwhile || (moved && !is.present)) left.push(is);
  if (meanwhile || (moved && was && is.present)) cameBack.push(is);
}

/** @type {(peers: Peer[]) => Map<string, Peer[]>} The peers of each participant. */
function grouped(peers) {
  const groups = new Map();
  for (const peer of peers) {
    const key = peer.user_id || peer.custom_participant_id || peer.id || '';
    const own = groups.get(key);
    if (own) own.push(peer);
    else groups.set(key, [peer]);
  }
  return groups;
}

/** @type {(key: string, peers: Peer[]) => Participant} */
function participantOf(key, peers) {
  const newest = peers[peers.length - 1];
  const shown = FIELDS.filter((name) => newest[name] != null).map((name) => [name, newest[name]]);
  return { key, ...Object.fromEntries(shown), present: peers.some(isIn), peers };
}

/** @type {(peer: Peer) => boolean} */
function isIn(peer) {
  return !peer.left_at;
}

/**
 * Whether somebody who was in by some peers, and is in now, was out meanwhile: no chain of peers,
 * each joined before the one before it left, leads from then to now. Times are compared as the
 * texts that they are.
 *
 * @param {Peer[]} before
 * @param {Peer[]} now
 */
function wasOut(before, now) {
  const inBefore = new Set(before.filter(isIn).map(({ id }) => id));
  let until = '';
  for (const peer of now) {
    if (inBefore.has(peer.id) || peer.joined_at < until) {
      if (isIn(peer)) return false;
      if (peer.left_at > until) until = peer.left_at;
    }
  }
  return true;
}
