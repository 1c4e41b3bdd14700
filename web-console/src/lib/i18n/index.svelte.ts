/** The texts of the console in the viewer's language. Confined to: the page. */
import { remember, remembered } from '../store';
import * as common from './texts/common';
import * as overview from './texts/overview';
import * as produce from './texts/produce';
import * as records from './texts/records';
import * as topic from './texts/topic';
import * as topics from './texts/topics';

export type Locale = 'en' | 'ko';

const en = {
  common: common.en,
  overview: overview.en,
  topics: topics.en,
  topic: topic.en,
  records: records.en,
  produce: produce.en,
};

export type Texts = typeof en;

const ko: Texts = {
  common: common.ko,
  overview: overview.ko,
  topics: topics.ko,
  topic: topic.ko,
  records: records.ko,
  produce: produce.ko,
};

function systemLocale(): Locale {
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

class I18n {
  locale = $state<Locale>(remembered<Locale | null>('locale', null) ?? systemLocale());

  /** All texts, by area. */
  get t(): Texts {
    return this.locale === 'ko' ? ko : en;
  }

  choose(locale: Locale): void {
    this.locale = locale;
    remember('locale', locale);
  }
}

export const i18n = new I18n();
