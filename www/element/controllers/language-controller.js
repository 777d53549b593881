// The language: loads its texts before they are shown, so that languages are never mixed. An app can bring texts of
// its own.

import enList from '../locales/en-list.js';
import { languageOf, textsOf } from '../locales/index.js';
import { formats } from '../model/format.js';
import { Controller } from './controller.js';

/** @import { Texts } from '../locales/en.js' */

export class LanguageController extends Controller {
  fmt = formats('en');
  /** The texts. Those of panels and dialogs are there when these are. @type {Texts} */
  t = /** @type {any} */ (enList(this.fmt));
  /** All English texts, when they are loaded. @type {typeof import('../locales/en.js').default | undefined} */
  #en;
  #language = 'en';
  /** @type {unknown} */
  #own;
  #loading = Promise.resolve();

  hostUpdate() {
    const { host } = this;
    const own = host.texts;
    const language = languageOf(host, !!own);
    if (language === this.#language && own === this.#own) return;
    [this.#language, this.#own] = [language, own];
    this.#loading = this.#load(language, own);
  }

  /** Adds the texts of the panels. @param {typeof import('../locales/en.js').default} en */
  async extend(en) {
    this.#en = en;
    await this.#loading;
    await this.#load(this.#language, this.host.texts);
  }

  /** @param {string} language @param {import("../moderator.js").RtkModerator["texts"]} own */
  async #load(language, own) {
    const other = own ? undefined : await textsOf(language);
    if (language !== this.#language || own !== this.host.texts) return;
    const fmt = formats(language);
    const base = (other ?? this.#en ?? enList)(fmt);
    const more = typeof own === 'function' ? own(fmt) : own;
    this.set({ fmt, t: { ...base, ...more } });
  }
}
