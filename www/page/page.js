// The moderator page: the element and a sign-in. The grant stays in memory until the tab is closed or reloaded, unless
// the moderator keeps it for the tab.

import '../element/index.js';
import { problemOf } from '../element/model/outcomes.js';
import { askWhether } from './ask.js';
// Inlined, so that it needs no further request.
import css from './page.css?inline';
import { given, isHere, serverOf, takeFragment } from './fragment.js';
import { keep, readKept } from './kept.js';
import { signIn } from './sign-in.js';
import { pageTexts } from './texts.js';

/** @typedef {import('../element/moderator.js').RtkModerator} Element */

const fragment = takeFragment();
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets = [sheet];
const language = navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
const t = pageTexts[language];
document.documentElement.lang = navigator.language.toLowerCase().startsWith(language)
  ? navigator.language.replaceAll('_', '-')
  : 'en';
document.title = t.title;
const main = /** @type {HTMLElement} */ (document.getElementById('main'));

/** The current sign-in, and whether it is kept. */
let current = /** @type {Record<string, string>} */ ({});
let isKept = readKept() !== null;
/** @type {ReturnType<typeof signIn> | undefined} */
let form;

const elementNow = () => /** @type {Element | null} */ (main.querySelector('rtk-moderator'));

/** Opens a meeting. With a form on the screen, it stays until the meeting answers. @param {Record<string, string>} fields */
function open(fields) {
  current = fields;
  if (isKept) keep(fields);
  const { gateway, token, account, app, meeting, timeout } = given(fields);
  let element = elementNow();
  if (!element) {
    element = /** @type {Element} */ (document.createElement('rtk-moderator'));
    Object.assign(element, { shortcuts: 'page', signIn: true, hidden: !!form?.form.isConnected });
    element.addEventListener('rtk-moderator-snapshot', opened);
    element.addEventListener('rtk-moderator-sign-in', () => ask());
    element.append(keepSetting());
    main.append(element);
  }
  Object.assign(element, { gateway, timeout, accountId: account, appId: app });
  element.meetingId = meeting || undefined;
  element.grant = token;
  if (element.navigation.choosing) show(element);
}

/** @param {Element} element */
function show(element) {
  form?.form.remove();
  element.hidden = false;
}

/** After each refresh: shows the meeting, or the problem in the form. @param {Event} event */
function opened({ target }) {
  const element = /** @type {Element} */ (target);
  const { title, phase, present, trouble } = element.state;
  const { fmt, t: texts } = element;
  if (element.hidden) {
    const status = /** @type {any} */ (trouble?.error)?.status;
    if (status === 401 || status === 403) {
      element.remove();
      form?.fail(texts.problem(problemOf(trouble?.error)));
      return;
    }
    show(element);
  }
  // The number is unknown while reads fail.
  const shown = trouble ? 'failing' : phase;
  const now = shown === 'live' ? `${fmt.n(present)} ${texts.inNow}` : texts.phase[shown];
  document.title = `${now} · ${title || t.title}`;
}

/** A checkbox in the element's settings: whether this tab keeps the sign-in. */
function keepSetting() {
  const label = document.createElement('label');
  const box = document.createElement('input');
  Object.assign(label, { slot: 'settings', className: 'check' });
  Object.assign(box, { type: 'checkbox', checked: isKept });
  box.addEventListener('change', () => {
    isKept = box.checked;
    keep(isKept ? current : null);
  });
  label.append(box, t.keep);
  return label;
}

/** Shows the form. */
function ask() {
  elementNow()?.remove();
  const [navigation] = performance.getEntriesByType('navigation');
  const reloaded = /** @type {PerformanceNavigationTiming} */ (navigation)?.type === 'reload';
  form ??= signIn({
    t,
    reloaded: reloaded && !fragment,
    open(fields, keeps) {
      isKept = keeps;
      if (!keeps) keep(null);
      open(fields);
    },
  });
  main.replaceChildren(form.form);
}

// Another link in this tab: a new grant for this meeting, or another meeting. The page asks before it leaves
// a running meeting.
addEventListener('hashchange', async () => {
  const fields = takeFragment();
  if (!fields) return;
  const element = elementNow();
  const { gateway, account, app, meeting } = given(fields);
  if (!isHere(gateway)) {
    await refuse(gateway);
    return;
  }
  if (element && !element.hidden) {
    const { title } = element.state;
    const same =
      gateway === element.gateway &&
      account === element.accountId &&
      app === element.appId &&
      (meeting || undefined) === element.meetingId;
    const question = { title: t.otherMeeting, text: t.leaves(title || element.t.untitled) };
    if (!same && !(await askWhether({ ...question, no: t.stay, yes: t.openOther }))) return;
  } else form?.form.remove();
  open(fields);
});

/** @param {string} gateway */
const refuse = (gateway) =>
  askWhether({ title: t.otherAddress, text: t.elsewhere(serverOf(gateway)), no: t.stay });

const fields = fragment ?? readKept();
if (fields && isHere(given(fields).gateway)) open(fields);
else {
  ask();
  if (fields) form?.fail(t.elsewhere(serverOf(given(fields).gateway)));
}
