// The moderator page: the element and a sign-in. The grant stays in memory until the tab is closed or
// reloaded.

import '../element/index.js';
import { askWhether } from './ask.js';
// Inlined, so that it needs no further request.
import css from './page.css?inline';
import { given, isHere, takeFragment } from './fragment.js';
import { signIn } from './sign-in.js';
import { pageTexts } from './texts.js';

/** @typedef {import('../element/moderator.js').RtkModerator} Element */

const fields = takeFragment();
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];
const language = navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
const t = pageTexts[language];
document.documentElement.lang =
  language === 'de'
    ? navigator.language
    : /^en/i.test(navigator.language)
      ? navigator.language
      : 'en';
const main = /** @type {HTMLElement} */ (document.getElementById('main'));

/** Opens a meeting. Returns what is wrong, if anything. @param {Record<string, string>} fields */
function open(fields) {
  const { gateway, token, account, app, meeting, timeout } = given(fields);
  if (!isHere(gateway)) return t.elsewhere(location.origin);
  let element = /** @type {Element | null} */ (main.querySelector('rtk-moderator'));
  if (!element) {
    element = /** @type {Element} */ (document.createElement('rtk-moderator'));
    element.shortcuts = 'page';
    element.addEventListener('rtk-moderator-snapshot', titled);
    main.replaceChildren(element);
  }
  Object.assign(element, { gateway, timeout, accountId: account, appId: app, meetingId: meeting });
  element.grant = token;
  return '';
}

/** Shows the number of participants in the tab's title. @param {Event} event */
function titled(event) {
  const { state, fmt, t: texts } = /** @type {Element} */ (event.target);
  const { title, phase, present, trouble } = state;
  // The number is unknown while reads fail.
  const said = trouble ? 'failing' : phase;
  const now = said === 'live' ? `${fmt.n(present)} ${texts.inNow}` : texts.phase[said];
  document.title = `${now} · ${title || t.title}`;
}

const ask = (wrong = '') => main.replaceChildren(signIn({ t, open, wrong }));

// Another link in this tab: a new grant for this meeting, or another meeting. The page asks before it leaves
// a running meeting.
addEventListener('hashchange', async () => {
  const fields = takeFragment();
  if (!fields) return;
  const element = /** @type {Element | null} */ (main.querySelector('rtk-moderator'));
  if (element) {
    const { gateway, account, app, meeting } = given(fields);
    const { title } = element.state;
    if (!isHere(gateway)) {
      await askWhether({ title: t.otherAddress, text: t.elsewhere(location.origin), no: t.stay });
      return;
    }
    const same =
      gateway === element.gateway &&
      account === element.accountId &&
      app === element.appId &&
      meeting === element.meetingId;
    const question = { title: t.otherMeeting, text: t.leaves(title || element.t.untitled) };
    if (!same && !(await askWhether({ ...question, no: t.stay, yes: t.openOther }))) return;
  }
  const wrong = open(fields);
  if (wrong) ask(wrong);
});

const wrong = fields ? open(fields) : null;
if (wrong !== '') ask(wrong ?? '');
