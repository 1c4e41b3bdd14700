/** How many records came into each topic. Confined to: the page. */
import { Trends } from '../chart/trends.svelte';
import { apiPath } from '../rest';
import type { Topic, TopicDetail } from '../types';

export const trends = new Trends<Topic, TopicDetail>({
  name: (topic) => topic.name,
  value: (topic) => topic.rates.recordsIn,
  path: (name) => apiPath(['topics', name]),
  noted: ({ history }) => ({ values: history.recordsIn, stepMs: history.stepMs, endMs: history.endMs }),
});
