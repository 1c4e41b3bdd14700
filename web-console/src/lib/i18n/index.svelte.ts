/** The texts of the console in the viewer's language. Confined to: the page. */
import { remember, remembered } from '../store';
import { dictionaries, type Texts } from './dictionaries';

export type Locale = keyof typeof dictionaries;

export type { Texts };

function systemLocale(): Locale {
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

class I18n {
  locale = $state<Locale>(remembered<Locale | null>('locale', null) ?? systemLocale());

  /** The texts by which somebody also searches who knows the English words. */
  readonly english: Texts = dictionaries.en;

  /** All texts, by area. */
  get t(): Texts {
    return dictionaries[this.locale];
  }

  choose(locale: Locale): void {
    this.locale = locale;
    remember('locale', locale);
  }
}

export const i18n = new I18n();
