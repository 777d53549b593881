// Which language the element speaks: its own `lang`, else the nearest around it, else the browser's.
// English is always there; another comes when it is needed.

import en from './en.js';

/** @type {Record<string, () => Promise<{ default: typeof en }>>} */
const others = { de: () => import('./de.js') };

/** @param {string} tag @returns {string} */
const primary = (tag) => tag.toLowerCase().split('-')[0];

/** A tag of one that there are texts in. @param {HTMLElement} element */
export function languageOf(element) {
  const wanted = element.lang || around(element) || navigator.language;
  try {
    const [tag] = Intl.getCanonicalLocales(wanted);
    return primary(tag) === 'en' || primary(tag) in others ? tag : 'en';
  } catch {
    return 'en';
  }
}

/** @param {Element} element @returns {string} */
function around(element) {
  const near = element.parentElement?.closest('[lang]')?.getAttribute('lang');
  if (near) return near;
  const root = element.getRootNode();
  if (!(root instanceof ShadowRoot)) return '';
  return root.host.closest('[lang]')?.getAttribute('lang') || around(root.host);
}

/** @param {string} tag @returns {Promise<typeof en>} */
export async function textsOf(tag) {
  try {
    return (await others[primary(tag)]?.())?.default ?? en;
  } catch {
    // It could not be loaded.
    return en;
  }
}
