// The language of the element: its own `lang`, else the nearest around it, else the browser's. English is always
// there; another comes when it is needed.

/** @typedef {typeof import('./en.js').default} Locale */

/** @type {Record<string, () => Promise<{ default: Locale }>>} */
const others = { de: () => import('./de.js') };

/** @param {string} tag @returns {string} */
const primary = (tag) => tag.toLowerCase().split('-')[0];

/**
 * The tag of a language with texts.
 *
 * @param {HTMLElement} element
 * @param {boolean} any Whether the app brings the texts, in any language.
 */
export function languageOf(element, any) {
  const wanted = element.lang || around(element) || navigator.language;
  try {
    // Some systems write de_DE.
    const [tag] = Intl.getCanonicalLocales(wanted.replaceAll('_', '-'));
    return any || primary(tag) === 'en' || primary(tag) in others ? tag : 'en';
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

/** The texts of another language than English. @param {string} tag @returns {Promise<Locale | undefined>} */
export async function textsOf(tag) {
  try {
    return (await others[primary(tag)]?.())?.default;
  } catch {
    // It could not be loaded.
    return undefined;
  }
}
