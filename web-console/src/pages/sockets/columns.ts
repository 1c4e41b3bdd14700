import type { Texts } from '../../lib/i18n/index.svelte';
import type { Socket } from '../../lib/operations';
import type { Column } from '../../ui/table/columns';
import { creditOf, lagOf, topicsOf } from './figures';

/** The columns of the list of sessions; the least needed go first when it becomes narrow. */
export function socketColumns({ columns: t }: Texts['sockets']): Column<Socket>[] {
  return [
    { id: 'id', title: t.id, width: '104px', sort: (socket) => socket.id, mono: true, from: 480 },
    { id: 'user', title: t.user, width: 'minmax(88px, 1fr)', sort: (socket) => socket.user, from: 570 },
    {
      id: 'address',
      title: t.address,
      width: 'minmax(128px, 1fr)',
      sort: (socket) => socket.address,
      mono: true,
      fixed: true,
    },
    {
      id: 'opened',
      title: t.opened,
      width: '88px',
      sort: (socket) => -socket.openedMs,
      numeric: true,
      from: 680,
    },
    {
      id: 'topics',
      title: t.topics,
      width: 'minmax(96px, 2fr)',
      sort: (socket) => topicsOf(socket).join(),
      mono: true,
    },
    { id: 'lag', title: t.lag, width: '64px', sort: (socket) => lagOf(socket)?.n, numeric: true },
    {
      id: 'credit',
      title: t.credit,
      width: '104px',
      sort: (socket) => creditOf(socket)?.n,
      numeric: true,
      from: 800,
    },
    { id: 'policy', title: t.policy, width: 'minmax(88px, 1fr)', from: 900 },
    {
      id: 'records',
      title: t.records,
      width: '80px',
      sort: (socket) => socket.records,
      numeric: true,
      from: 1000,
    },
    {
      id: 'bytesOut',
      title: t.bytesOut,
      width: '80px',
      sort: (socket) => socket.bytesOut,
      numeric: true,
      from: 1100,
    },
    {
      id: 'buffered',
      title: t.buffered,
      width: '80px',
      sort: (socket) => socket.bufferedBytes,
      numeric: true,
      optional: true,
    },
    { id: 'protocol', title: t.protocol, width: '64px', sort: (socket) => socket.protocol, from: 1180 },
    {
      id: 'origin',
      title: t.origin,
      width: 'minmax(120px, 1fr)',
      sort: (socket) => socket.origin,
      mono: true,
      optional: true,
    },
    {
      id: 'agent',
      title: t.agent,
      width: 'minmax(120px, 1fr)',
      sort: (socket) => socket.agent,
      optional: true,
    },
  ];
}
