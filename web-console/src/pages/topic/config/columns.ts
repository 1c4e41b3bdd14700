import { duration, size } from '../../../lib/format';
import type { Texts } from '../../../lib/i18n/index.svelte';
import type { Config } from '../../../lib/types';
import type { Column } from '../../../ui/table/columns';

/** The columns of the list of settings. */
export function configColumns(t: Texts['topic']['config']): Column<Config>[] {
  return [
    { id: 'name', title: t.name, width: 'minmax(150px, 2fr)', sort: (one) => one.name, fixed: true },
    { id: 'value', title: t.value, width: 'minmax(100px, 2fr)', sort: (one) => one.value, fixed: true },
    { id: 'source', title: t.source, width: '104px', sort: (one) => one.source, from: 520 },
    { id: 'default', title: t.default, width: 'minmax(100px, 1fr)', sort: (one) => one.default, from: 1100 },
    { id: 'doc', title: t.doc, width: 'minmax(160px, 4fr)', from: 760 },
    { id: 'edit', title: '', hint: t.change, width: '24px', fixed: true },
  ];
}

/** A value in words where its unit makes it long; empty where it says enough. */
export function readable(config: Config): string {
  const value = Number(config.value);
  if (config.value === null || config.value === '' || !Number.isFinite(value) || value < 1000) return '';
  const unit = config.unit ?? (/\.ms$/.test(config.name) ? 'ms' : /bytes$/.test(config.name) ? 'bytes' : '');
  // Kafka's "no limit" is the largest number.
  if (value >= Number.MAX_SAFE_INTEGER) return '';
  if (unit === 'ms') return duration(value);
  return unit === 'bytes' ? size(value) : '';
}
