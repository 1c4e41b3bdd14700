import type { Texts } from '../../lib/i18n/index.svelte';
import type { Partition } from '../../lib/types';
import type { Column } from '../../ui/table/columns';

/** The columns of the list of partitions. */
export function partitionColumns(t: Texts['topic']): Column<Partition>[] {
  const offset = { width: 'minmax(72px, 1fr)', numeric: true, mono: true };
  return [
    { id: 'partition', title: t.partition, width: '88px', numeric: true, sort: (one) => one.partition, fixed: true },
    { id: 'leader', title: t.leader, width: '72px', numeric: true, sort: (one) => one.leader, from: 400 },
    { id: 'epoch', title: t.epoch, width: '56px', numeric: true, sort: (one) => one.leaderEpoch, optional: true },
    { id: 'replicas', title: t.replicas, width: '80px', sort: (one) => one.replicas.length, from: 760 },
    { id: 'isr', title: t.isr, width: '80px', sort: (one) => one.isr.length, from: 560 },
    { id: 'start', title: t.start, hint: t.startHint, ...offset, sort: (one) => one.logStartOffset, from: 480 },
    { id: 'highWatermark', title: t.highWatermark, hint: t.highWatermarkHint, ...offset, sort: (one) => one.highWatermark, from: 900 },
    { id: 'stable', title: t.stable, hint: t.stableHint, ...offset, sort: (one) => one.lastStableOffset, optional: true },
    { id: 'end', title: t.end, hint: t.endHint, ...offset, sort: (one) => one.logEndOffset },
    { id: 'records', title: t.records, width: '72px', numeric: true, sort: (one) => one.logEndOffset - one.logStartOffset, from: 1000 },
    { id: 'size', title: t.size, width: '72px', numeric: true, sort: (one) => one.sizeBytes },
    { id: 'segments', title: t.segments, width: '72px', numeric: true, sort: (one) => one.segments, from: 1080 },
    { id: 'recordsIn', title: t.recordsIn, width: '80px', numeric: true, sort: (one) => one.recordsIn, from: 640 },
    { id: 'oldest', title: t.oldest, width: '220px', mono: true, sort: (one) => one.oldestMs ?? null, optional: true },
    { id: 'newest', title: t.newest, width: '220px', mono: true, sort: (one) => one.newestMs ?? null, from: 1320 },
    { id: 'folder', title: t.folder, width: 'minmax(160px, 2fr)', mono: true, sort: (one) => one.folder, optional: true },
    { id: 'cut', title: '', hint: t.cut.act, width: '24px', from: 480 },
  ];
}
