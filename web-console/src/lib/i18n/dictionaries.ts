/** All texts of the console, by area, in each language. Immutable. */
import * as brokers from './texts/brokers';
import * as chart from './texts/chart';
import * as common from './texts/common';
import * as events from './texts/events';
import * as group from './texts/group';
import * as groups from './texts/groups';
import * as overview from './texts/overview';
import * as palette from './texts/palette';
import * as produce from './texts/produce';
import * as records from './texts/records';
import * as reset from './texts/reset';
import * as sockets from './texts/sockets';
import * as topic from './texts/topic';
import * as topics from './texts/topics';

const en = {
  common: common.en,
  overview: overview.en,
  topics: topics.en,
  topic: topic.en,
  records: records.en,
  produce: produce.en,
  brokers: brokers.en,
  chart: chart.en,
  events: events.en,
  group: group.en,
  groups: groups.en,
  palette: palette.en,
  reset: reset.en,
  sockets: sockets.en,
};

export type Texts = typeof en;

const ko: Texts = {
  common: common.ko,
  overview: overview.ko,
  topics: topics.ko,
  topic: topic.ko,
  records: records.ko,
  produce: produce.ko,
  brokers: brokers.ko,
  chart: chart.ko,
  events: events.ko,
  group: group.ko,
  groups: groups.ko,
  palette: palette.ko,
  reset: reset.ko,
  sockets: sockets.ko,
};

export const dictionaries: Record<'en' | 'ko', Texts> = { en, ko };
