// The moderator page, small for now: a meeting's active session and who is in it, read again every
// two seconds while somebody looks; kick one, kick all, start a poll. Which meeting comes in the
// URL's fragment, which no server sees, or from a form, and stays in this module's memory alone.
// Names and titles are what strangers typed: they become text, never HTML.
import Cloudflare from '/pkg/index.js';
/** @typedef {import('/pkg/index.js').SessionGetSessionParticipantsResponse.Data.Participant} Peer */
const [REFRESH, LONGEST_WAIT, MOST_ROWS, TIMEOUT] = [2000, 30_000, 500, 15_000];
/** @type {(id: string) => any} */
const $ = (id) => document.getElementById(id);
const keyOf = (/** @type {Peer} */ peer) => peer.user_id || peer.custom_participant_id || '';
let /** @type {Cloudflare['realtimeKit']} */ api;
let /** @type {[app: string, meeting: string]} */ meeting;
let /** @type {ReturnType<typeof person>[]} */ people = [];
let [seen, inDoubt] = [false, false];
const [rows, busy] = [new Map(), new Set()];
const now = { reading: false, again: false, readAt: 0, failures: 0, timer: 0 };

/** @param {string | undefined} at @param {Intl.DateTimeFormatOptions} [format] */
const when = (at, format = { timeStyle: 'short' }) =>
  at && Date.parse(at) ? new Date(at).toLocaleString(undefined, format) : '–';
/** Only what changed: a selection survives. @param {string | Element} where @param {unknown} text */
function put(where, text = '–') {
  const element = typeof where === 'string' ? $(where) : where;
  if (element.textContent !== `${text}`) element.textContent = text;
}
/** What went wrong, in the API's own words where it gave any. @param {any} error */
function reason(error) {
  const said = error.error?.error?.message ?? error.errors?.[0]?.message;
  return said ? `${said} (${error.status})` : error.message;
}

/** All peers of one participant, oldest first, are one person. @param {Map<string, Peer>} byId */
function person(byId) {
  const peers = [...byId.values()];
  const inside = peers.filter((peer) => !peer.left_at);
  const last = peers[peers.length - 1];
  const { user_id, custom_participant_id: custom, preset_name: role } = last;
  const name = last.display_name?.trim() || '(no name)';
  const joined = `joined ${when((inside[0] ?? last).joined_at)}`;
  const state = inside.length ? 'in' : `left ${when(last.left_at)}`;
  // A kick takes the participant's ID, never the peer's.
  const kick = user_id
    ? { participant_ids: [user_id] }
    : { custom_participant_ids: [custom ?? ''] };
  const texts = [name, custom ?? '', role ?? '–', joined, state];
  return { key: keyOf(last), name, inside: inside.length > 0, texts, kick };
}
/** @param {ReturnType<typeof person>} who @returns {HTMLElement} */
function row(who) {
  const made = rows.get(who.key) ?? $('row').content.firstElementChild.cloneNode(true);
  rows.set(who.key, made);
  const button = made.querySelector('button');
  who.texts.forEach((text, i) => put(made.querySelectorAll('[data-part]')[i], text));
  made.className = who.inside ? 'in' : 'left';
  button.ariaLabel = `Kick ${who.name}`;
  button.hidden = !who.inside;
  button.disabled = busy.has(who.key);
  const call = () => api.activeSession.kickParticipants(...meeting, who.kick);
  button.onclick = () => act(who.key, button.dataset, call, true, who.name);
  return made;
}

function render() {
  const wanted = $('filter').value.trim().toLowerCase();
  const all = people.filter((who) => `${who.texts} ${who.key}`.toLowerCase().includes(wanted));
  const shown = all.slice(0, MOST_ROWS).map(row);
  const [list, focused] = [$('people'), /** @type {HTMLElement} */ (document.activeElement)];
  // Rows in place stay untouched: a click that has begun would be lost.
  if (list.children.length !== shown.length || shown.some((made, i) => list.children[i] !== made))
    list.replaceChildren(...shown);
  if (focused !== document.activeElement) focused.focus({ preventScroll: true });
  const [inside, more] = [people.filter((who) => who.inside).length, all.length - shown.length];
  put('count', `${inside} in, ${people.length - inside} left`);
  put('more', more ? `${more} more: filter to find them.` : all.length ? '' : 'Nobody matches.');
  for (const id of ['kick-all', 'poll-fields']) $(id).disabled = busy.has(id);
}

/** Reads it all. That there is no active session is an answer too. */
async function read() {
  const [[app], once] = [meeting, { maxRetries: 0 }];
  const { data: session } = await api.activeSession
    .getActiveSession(...meeting, {}, once)
    .catch((error) => (error.status === 404 ? { data: undefined } : Promise.reject(error)));
  const live = session?.status === 'LIVE';
  // By ID: pages that shift while they are read show somebody twice.
  const groups = new Map();
  const query = /** @type {const} */ ({ per_page: 200, sort_by: 'joinedAt', sort_order: 'ASC' });
  const list = live && api.sessions.getSessionParticipants(app, session.id, query, once);
  for await (const peer of list || [])
    groups.set(keyOf(peer), (groups.get(keyOf(peer)) ?? new Map()).set(peer.id, peer));
  people = [...groups.values()].map(person);
  people.sort((a, b) => +b.inside - +a.inside || a.name.localeCompare(b.name));
  seen ||= live;
  document.body.className = live ? 'live' : 'over';
  put('state', live ? 'Live' : seen ? 'Ended' : 'No session');
  put('title', session?.meeting_display_name || $('title').textContent);
  put('since', when(session?.started_at, { dateStyle: 'medium', timeStyle: 'short' }));
  put('live', session?.live_participants);
  put('most', session?.max_concurrent_participants);
  put('minutes', Math.round(session?.minutes_consumed ?? 0).toLocaleString());
  render();
}

/** Never two at once, not while nobody looks, seldomer while it fails or the meeting is large. */
async function refresh() {
  clearTimeout(now.timer);
  now.again = now.reading;
  if (now.reading || !api || document.hidden) return;
  now.reading = true;
  let wait;
  try {
    await read();
    Object.assign(now, { readAt: Date.now(), failures: 0 });
    put('trouble', '');
    // At most half of the requests that the API's rate limit allows.
    wait = now.again ? 0 : Math.max(REFRESH, people.length * 2.5);
  } catch (/** @type {any} */ error) {
    now.failures += 1;
    wait = error.retryAfter * 1000 || Math.min(REFRESH * 2 ** now.failures, LONGEST_WAIT);
    const pause = `RealtimeKit asks for a pause: too many requests. Next look in ${wait / 1000} s.`;
    put('trouble', error.status === 429 ? pause : `Could not refresh: ${reason(error)}`);
  }
  Object.assign(now, { reading: false, timer: setTimeout(refresh, wait) });
}

/**
 * Asks if it should, calls the API once at a time, says how it went; `texts` are an element's.
 * @type {(key: string, texts: DOMStringMap, call: () => any, asks?: boolean, name?: string) => Promise<string>}
 */
async function act(key, texts, call, asks = true, name = '') {
  const said = (/** @type {string} */ part) => texts[part]?.replace('{name}', () => name);
  for (const part of ['title', 'text', 'yes']) put(`ask-${part}`, said(part));
  $('ask').returnValue = asks ? '' : 'yes';
  if (asks) $('ask').showModal();
  if (asks) await new Promise((resolve) => ($('ask').onclose = resolve));
  if (busy.has(key) || !$('ask').returnValue) return '';
  busy.add(key);
  render();
  let [kind, text] = ['done', said('done')];
  await call().catch((/** @type {any} */ error) => {
    const maybe = `The answer was lost: it may have worked. ${said('doubt')} (${reason(error)})`;
    [kind, text] = error.maybeApplied ? ['warning', maybe] : ['error', reason(error)];
  });
  busy.delete(key);
  render();
  put('message-text', text);
  Object.assign($('message'), { className: kind, hidden: false });
  // A button that went away took the focus with it.
  if (document.activeElement === document.body) $('message').focus({ preventScroll: true });
  refresh();
  return kind;
}
$('poll').onsubmit = async (/** @type {Event} */ event) => {
  event.preventDefault();
  const [question, lines] = [$('question').value, $('options').value.split('\n')];
  const options = lines.map((/** @type {string} */ line) => line.trim()).filter(Boolean);
  const wrong = options.length < 2 || options.length > 10 || new Set(options).size < options.length;
  put('poll-wrong', wrong ? 'Give 2 to 10 different options, one a line.' : '');
  if (wrong) return;
  const checks = { anonymous: $('anonymous').checked, hide_votes: $('hide').checked };
  const call = () => api.activeSession.createPoll(...meeting, { question, options, ...checks });
  const kind = await act('poll-fields', $('poll').dataset, call, inDoubt);
  inDoubt = kind === 'warning' || (inDoubt && kind !== 'done');
  if (kind === 'done') $('poll').reset();
};
const kickAll = () => api.activeSession.kickAllParticipants(...meeting);
$('kick-all').onclick = () => act('kick-all', $('kick-all').dataset, kickAll);
$('filter').oninput = render;
$('dismiss').onclick = () => ($('message').hidden = true);
document.onvisibilitychange = refresh;
setInterval(() => {
  const old = Math.round((Date.now() - now.readAt) / 1000);
  if (now.readAt) put('age', now.failures ? `Data is ${old} s old` : 'Up to date');
}, 500);
/** @param {Record<string, any>} given */
function open(given) {
  try {
    const { base_url: baseURL, token: apiToken, account_id: accountId, timeout = TIMEOUT } = given;
    if (new URL(baseURL, location.href).origin !== location.origin)
      throw new Error(`The API address must begin with ${location.origin}, as this page's does.`);
    api = new Cloudflare({ baseURL, apiToken, accountId, timeout: +timeout }).realtimeKit;
    meeting = [given.app_id, given.meeting_id];
    $('sign-in').remove();
    refresh();
  } catch (/** @type {any} */ error) {
    $('sign-in').hidden = false;
    put('sign-in-wrong', error.message);
  }
}
const given = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
history.replaceState(null, '', location.pathname + location.search);
window.onhashchange = () => location.reload(); // Another link, opened in this tab.
$('base_url').value = `${location.origin}/client/v4`;
$('sign-in').onsubmit = (/** @type {Event} */ event) => {
  event.preventDefault();
  open(Object.fromEntries(new FormData($('sign-in'))));
};
if ('token' in given) open(given);
else $('sign-in').hidden = false;
