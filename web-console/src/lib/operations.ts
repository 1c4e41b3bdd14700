/** Shapes of the REST interface about groups, sockets, brokers and events; times in ms since 1970. */
import type { Disk, Group, History } from './types';

/** A member of a group, over TCP or in a browser. */
export type Member = {
  memberId: string;
  instanceId: string | null;
  clientId: string;
  host: string;
  browser: boolean;
  /** The broker that it is connected to; null when it is not known. */
  node: number | null;
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

/** A broker as the cluster's metadata have it, with what it tells of itself while it is there. */
export type Broker = {
  id: number;
  host: string;
  rack: string | null;
  controller: boolean;
  /** Whether it votes on the cluster's metadata. */
  voter: boolean;
  fenced: boolean;
  shuttingDown: boolean;
  partitions: number;
  leaders: number;
  inSync: number;
  outOfSync: number;
  /** Replicas that come to it or leave it. */
  moving: number;
  listeners: { name: string; host: string; port: number }[];
  http?: string | null;
} & Partial<BrokerLoad>;

/** A broker that told of itself. */
export type KnownBroker = Broker & BrokerLoad;

/** The same broker when it told of itself, else null. */
export const known = (broker: Broker): KnownBroker | null =>
  broker.version === undefined || broker.rates === undefined ? null : (broker as KnownBroker);

/** Where replicas go, or went. */
export type MovePlan = {
  done: boolean;
  count: number;
  fewerReplicas: number;
  moves: { topic: string; partition: number; from: number[]; to: number[] }[];
  command: string;
};

/** A partition whose replicas move now. */
export type Reassignment = {
  key: string;
  topic: string;
  partition: number;
  replicas: number[];
  adding: number[];
  removing: number[];
  isr: number[];
};

/** What a broker tells of itself. */
export type BrokerLoad = {
  version: string;
  java: string;
  startedMs: number;
  uptimeMs: number;
  cpuPercent: number | null;
  heapUsedBytes: number;
  heapMaxBytes: number;
  residentBytes: number | null;
  connections: number;
  sockets: number;
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
