import type { Topic } from '../../lib/types';
import type { Texts } from '../../lib/i18n/index.svelte';
import type { Column } from '../../ui/table/columns';

/** The columns of the list of topics, the most telling ones first where there is little room. */
export function topicColumns(t: Texts['topics']): Column<Topic>[] {
  return [
    { id: 'name', title: t.name, width: 'minmax(128px, 3fr)', sort: (topic) => topic.name, fixed: true },
    { id: 'recordsIn', title: t.recordsIn, width: '88px', numeric: true, sort: (topic) => topic.rates.recordsIn, from: 480 },
    { id: 'trend', title: t.trend, width: '72px', from: 980 },
    { id: 'bytesIn', title: t.bytesIn, width: '88px', numeric: true, sort: (topic) => topic.rates.bytesIn, from: 1160 },
    { id: 'records', title: t.records, width: '80px', numeric: true, sort: (topic) => topic.records, from: 680 },
    { id: 'size', title: t.size, width: '80px', numeric: true, sort: (topic) => topic.sizeBytes },
    { id: 'groups', title: t.groups, width: '64px', numeric: true, sort: (topic) => topic.groups, from: 820 },
    { id: 'lag', title: t.lag, hint: t.lagHint, width: '72px', numeric: true, sort: (topic) => topic.lag, from: 340 },
    { id: 'partitions', title: t.partitions, width: '80px', numeric: true, sort: (topic) => topic.partitions, from: 600 },
    { id: 'replication', title: t.replication, width: '64px', numeric: true, sort: (topic) => topic.replicationFactor, from: 1280 },
    {
      id: 'health',
      title: t.health,
      width: '72px',
      sort: (topic) => topic.offline * 1e6 + topic.underReplicated,
      from: 1100,
    },
    { id: 'retention', title: t.retention, width: '96px', numeric: true, sort: (topic) => topic.retentionMs, from: 740 },
    { id: 'cleanup', title: t.cleanup, width: '120px', sort: (topic) => topic.cleanupPolicy, optional: true },
  ];
}
