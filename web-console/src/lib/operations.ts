/** Shapes of the REST interface about groups, sockets, brokers and events; times in ms since 1970. */
import type { Disk, Group, History } from './types';

/** A member of a group, over TCP or in a browser. */
export type Member = {
  memberId: string;
  instanceId: string | null;
  clientId: string;
  host: string;
  browser: boolean;
  /** Partitions by topic. */
  assigned: Record<string, number[]>;
};

/** How far a group has read in one partition. */
export type GroupOffset = {
  topic: string;
  partition: number;
  committed: number | null;
  end: number | null;
  lag: number | null;
  lagMs: number | null;
  memberId: string | null;
};

export type Rebalance = {
  generation: number;
  members: number;
  atMs: number;
  durationMs: number;
  cause: string;
};

export type GroupDetail = Group & {
  leader: string | null;
  membersList: Member[];
  offsets: GroupOffset[];
  /** Why a rebalance is under way, or null. */
  rebalancing: string | null;
  /** The last ones. */
  rebalances: Rebalance[];
  history: History<'lag' | 'lagMs'>;
};

/** What a reset of offsets does, or did. */
export type ResetAnswer = {
  done: boolean;
  offsets: {
    topic: string;
    partition: number;
    before: number | null;
    after: number;
    lagAfter: number | null;
    note?: string | null;
  }[];
  command: string;
};

export type Subscription = {
  sub: number;
  mode: 'read' | 'group';
  group?: string | null;
  topics: string[];
  credit: { n: number; bytes: number } | null;
  lag: { n: number; ms: number | null } | null;
  onLag: string;
  paused: boolean;
};

/** A session of a browser. */
export type Socket = {
  id: number;
  user: string | null;
  address: string;
  origin: string | null;
  agent: string | null;
  protocol: string;
  openedMs: number;
  bytesOut: number;
  records: number;
  subscriptions: Subscription[];
  bufferedBytes: number;
};

export type Broker = {
  id: number;
  host: string;
  rack: string | null;
  controller: boolean;
  version: string;
  java: string;
  startedMs: number;
  uptimeMs: number;
  listeners: { name: string; host: string; port: number }[];
  http: string | null;
  cpuPercent: number | null;
  heapUsedBytes: number;
  heapMaxBytes: number;
  residentBytes: number | null;
  connections: number;
  sockets: number;
  partitions: number;
  leaders: number;
  openFiles: number | null;
  disks: Disk[];
  rates: {
    bytesIn: number;
    bytesOut: number;
    recordsIn: number;
    recordsOut: number;
    requests: number;
    deliveries: number;
  };
};

export type Level = 'info' | 'warn' | 'bad';

/** Something that happened. */
export type BrokerEvent = {
  seq: number;
  atMs: number;
  kind: string;
  level: Level;
  text: string;
  broker: number;
  topic?: string | null;
  group?: string | null;
  address?: string | null;
};
