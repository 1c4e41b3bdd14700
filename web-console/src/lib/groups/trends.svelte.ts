/** How the lag of each group went. Confined to: the page. */
import { Trends } from '../chart/trends.svelte';
import type { GroupDetail } from '../operations';
import { apiPath } from '../rest';
import type { Group } from '../types';

export const trends = new Trends<Group, GroupDetail>({
  name: (group) => group.group,
  value: (group) => group.lag,
  path: (name) => apiPath(['groups', name]),
  noted: ({ history }) => ({ values: history.lag, stepMs: history.stepMs, endMs: history.endMs }),
});
