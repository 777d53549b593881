// The moderator page, small for now: one meeting's active session and who is in it, read again
// every two seconds while somebody looks; kick one, kick all, start a poll.
//
// Where the meeting is comes in the URL's fragment, which no server sees, or from a form; it is
// kept in this module's memory alone. Names, titles and roles are what strangers typed: they go
// into the page as text, never as HTML.

import Cloudflare from '/pkg/index.js';

/** @typedef {{ key: string, name: string, role: string, joined: string, left: string, devices: number, custom: string, target?: { participant_ids?: string[], custom_participant_ids?: string[] } }} Person */
/** @typedef {import('/pkg/index.js').SessionGetSessionParticipantsResponse.Data.Participant} Peer */

const FIELDS = ['base_url', 'token', 'account_id', 'app_id', 'meeting_id'];
const REFRESH = 2000;
const LONGEST_WAIT = 30_000;
const MOST_ROWS = 500;

/** @type {(id: string) => any} */
const $ = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const names = new Intl.Collator();

/** @type {{ api: Cloudflare['realtimeKit'], app: string, meeting: string, timeout: number }} */
let at;
/** @type {Person[]} */
let people = [];
/** @type {Map<string, HTMLElement>} */
const rows = new Map();
/** The keys of those who are just being kicked. */
const going = new Set();
let reading = false;
let again = false;
let seen = 0;
let failures = 0;
let pollInDoubt = false;
let timer = 0;

/** @param {string | undefined} at @param {Intl.DateTimeFormat} [format] */
const time = (at, format = clock) => (at && Date.parse(at) ? format.format(new Date(at)) : '–');
/** @param {Element} element @param {string} text */
const put = (element, text) => element.textContent !== text && (element.textContent = text);

/** What went wrong, in the API's own words where it gave any. @param {any} error */
function reason(error) {
  const said = error.error?.error?.message ?? error.errors?.[0]?.message;
  return said ? `${said} (${error.status})` : error.message;
}

/** @param {'done' | 'warning' | 'error'} kind @param {string} text */
function tell(kind, text) {
  $('message').dataset.kind = kind;
  $('message-text').textContent = text;
  $('message').hidden = false;
  // A button that went away took the focus with it.
  if (document.activeElement === document.body) $('message').focus({ preventScroll: true });
}

/** @param {string} title @param {string} text @param {string} yes @returns {Promise<boolean>} */
function ask(title, text, yes) {
  const dialog = $('ask');
  for (const [id, said] of Object.entries({ title, text, yes })) put($(`ask-${id}`), said);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => (dialog.onclose = () => resolve(dialog.returnValue === 'yes')));
}

/** Peers of one participant are one person. @param {Peer[]} peers @returns {Person[]} */
function group(peers) {
  /** By person, then by peer: pages that shift while they are read may show a peer twice. */
  const found = new Map();
  for (const peer of peers) {
    const key = peer.user_id || peer.custom_participant_id || peer.id;
    if (!found.has(key)) found.set(key, new Map());
    found.get(key).set(peer.id, peer);
  }
  const persons = [...found].map(([key, own]) => {
    const all = [...own.values()].sort((a, b) => (a.joined_at < b.joined_at ? -1 : 1));
    const inside = all.filter((peer) => !peer.left_at || peer.left_at === 'null');
    const { user_id, custom_participant_id: custom, ...last } = all.at(-1);
    return {
      key,
      name: last.display_name || '(no name)',
      role: last.preset_name || '–',
      joined: (inside[0] ?? last).joined_at,
      left: inside.length ? '' : last.left_at,
      devices: inside.length,
      custom: custom || '',
      // A kick takes the participant's ID, never the peer's.
      target: user_id ? { participant_ids: [user_id] } : custom && { custom_participant_ids: [custom] },
    };
  });
  return persons.sort((a, b) => +!a.devices - +!b.devices || names.compare(a.name, b.name));
}

/** @param {Person} person */
function row(person) {
  const made = rows.get(person.key) ?? $('row').content.firstElementChild.cloneNode(true);
  rows.set(person.key, made);
  const [name, custom, role, joined, state, kickIt] = made.querySelectorAll('bdi, li > span:not(.who), button');
  for (const [element, text] of [[name, person.name], [custom, person.custom], [role, person.role]]) put(element, text);
  name.title = person.name;
  put(joined, `joined ${time(person.joined)}`);
  put(state, person.devices > 1 ? `in, ${person.devices} times` : person.devices ? 'in' : `left ${time(person.left)}`);
  made.className = person.devices ? 'in' : 'left';
  kickIt.hidden = !person.devices || !person.target;
  kickIt.disabled = going.has(person.key);
  kickIt.ariaLabel = `Kick ${person.name}…`;
  kickIt.onclick = () => kick(person);
  return made;
}
