import type { Texts } from '../../lib/i18n/index.svelte';
import type { Broker } from '../../lib/operations';
import type { Column } from '../../ui/table/columns';
import { scarcestDisk } from './disk';

/** The columns of the list of brokers; the least needed go first when it becomes narrow. */
export function brokerColumns({ columns: t }: Texts['brokers']): Column<Broker>[] {
  return [
    { id: 'id', title: t.id, width: '72px', sort: (broker) => broker.id, fixed: true },
    {
      id: 'address',
      title: t.address,
      width: 'minmax(136px, 1fr)',
      sort: (broker) => broker.host,
      mono: true,
    },
    { id: 'role', title: t.role, width: '96px', sort: (broker) => !broker.controller, from: 880 },
    { id: 'rack', title: t.rack, width: '88px', sort: (broker) => broker.rack, from: 1180 },
    {
      id: 'version',
      title: t.version,
      width: '80px',
      sort: (broker) => broker.version,
      mono: true,
      from: 980,
    },
    {
      id: 'uptime',
      title: t.uptime,
      width: '104px',
      sort: (broker) => -broker.startedMs,
      numeric: true,
      from: 560,
    },
    { id: 'cpu', title: t.cpu, width: '64px', sort: (broker) => broker.cpuPercent, numeric: true, from: 440 },
    {
      id: 'heap',
      title: t.heap,
      width: '80px',
      sort: (broker) => broker.heapUsedBytes,
      numeric: true,
      from: 1080,
    },
    {
      id: 'in',
      title: t.in,
      width: '88px',
      sort: (broker) => broker.rates.bytesIn,
      numeric: true,
      from: 770,
    },
    {
      id: 'out',
      title: t.out,
      width: '88px',
      sort: (broker) => broker.rates.bytesOut,
      numeric: true,
      from: 770,
    },
    {
      id: 'disk',
      title: t.disk,
      width: '88px',
      sort: (broker) => scarcestDisk(broker.disks)?.freeBytes,
      numeric: true,
    },
    {
      id: 'leaders',
      title: t.leaders,
      width: '72px',
      sort: (broker) => broker.leaders,
      numeric: true,
      from: 1270,
    },
    {
      id: 'partitions',
      title: t.partitions,
      width: '80px',
      sort: (broker) => broker.partitions,
      numeric: true,
      from: 1370,
    },
    {
      id: 'connections',
      title: t.connections,
      width: '96px',
      sort: (broker) => broker.connections,
      numeric: true,
      from: 1480,
    },
    {
      id: 'sockets',
      title: t.sockets,
      width: '80px',
      sort: (broker) => broker.sockets,
      numeric: true,
      from: 1580,
    },
    {
      id: 'resident',
      title: t.resident,
      width: '88px',
      sort: (broker) => broker.residentBytes,
      numeric: true,
      optional: true,
    },
    {
      id: 'files',
      title: t.files,
      width: '88px',
      sort: (broker) => broker.openFiles,
      numeric: true,
      optional: true,
    },
    { id: 'java', title: t.java, width: '88px', sort: (broker) => broker.java, mono: true, optional: true },
  ];
}
