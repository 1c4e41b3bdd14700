import type { Texts } from '../../lib/i18n/index.svelte';
import type { Group } from '../../lib/types';
import type { Column } from '../../ui/table/columns';

/** The columns of the list of groups; the least needed go first when it becomes narrow. */
export function groupColumns({ columns: t }: Texts['groups']): Column<Group>[] {
  return [
    {
      id: 'group',
      title: t.group,
      width: 'minmax(120px, 2fr)',
      sort: (group) => group.group,
      fixed: true,
      mono: true,
    },
    { id: 'state', title: t.state, width: '128px', sort: (group) => group.state, from: 590 },
    {
      id: 'members',
      title: t.members,
      width: '88px',
      sort: (group) => group.members,
      numeric: true,
      from: 440,
    },
    { id: 'lag', title: t.lag, width: '72px', sort: (group) => group.lag, numeric: true },
    { id: 'lagMs', title: t.lagMs, width: '88px', sort: (group) => group.lagMs, numeric: true },
    { id: 'trend', title: t.trend, width: '104px', from: 710 },
    {
      id: 'topics',
      title: t.topics,
      width: 'minmax(120px, 1.5fr)',
      sort: (group) => group.topics.join(),
      mono: true,
      from: 850,
    },
    { id: 'protocol', title: t.protocol, width: '144px', sort: (group) => group.protocol, from: 1010 },
    { id: 'type', title: t.type, width: '80px', sort: (group) => group.type, from: 1110 },
    {
      id: 'generation',
      title: t.generation,
      width: '88px',
      sort: (group) => group.generation,
      numeric: true,
      optional: true,
    },
    {
      id: 'coordinator',
      title: t.coordinator,
      width: '96px',
      sort: (group) => group.coordinator,
      numeric: true,
      optional: true,
    },
  ];
}
