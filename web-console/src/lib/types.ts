/** Shapes of the REST interface as the console reads them; times in ms since 1970, rates per second. */

export type Health = { state: 'ok' | 'warn' | 'bad'; text: string };

export type Warning = {
  code: string;
  level: 'warn' | 'bad';
  text: string;
  fix: string;
  command?: string;
  link?: string;
};

/** A series of equal steps that ends at a time; null is a gap. */
export type History<Name extends string> = { stepMs: number; endMs: number } & Record<Name, (number | null)[]>;

export type Disk = {
  broker: number;
  path: string;
  totalBytes: number;
  freeBytes: number;
  logBytes: number;
  reserveBytes: number;
  online: boolean;
};

export type Overview = {
  cluster: { id: string; name: string };
  version: string;
  broker: number;
  health: Health;
  warnings: Warning[];
  counts: {
    brokers: number;
    topics: number;
    internalTopics: number;
    partitions: number;
    leaders: number;
    underReplicated: number;
    offline: number;
    groups: number;
    sockets: number;
    connections: number;
  };
  rates: {
    bytesIn: number;
    bytesOut: number;
    recordsIn: number;
    recordsOut: number;
    requests: number;
    deliveries: number;
  };
  history: History<'bytesIn' | 'bytesOut' | 'recordsIn' | 'recordsOut'>;
  disks: Disk[];
  canLose: { brokers: number; text: string };
};

export type Topic = {
  name: string;
  id: string;
  internal: boolean;
  partitions: number;
  replicationFactor: number;
  sizeBytes: number;
  records: number;
  underReplicated: number;
  offline: number;
  rates: { bytesIn: number; recordsIn: number };
  groups: number;
  lag: number | null;
  retentionMs: number | null;
  retentionBytes: number | null;
  cleanupPolicy: string;
};

export type TopicDetail = Topic & {
  groupLags: { group: string; lag: number | null; lagMs: number | null; state: string }[];
  history: History<'bytesIn' | 'recordsIn'>;
};

export type Partition = {
  partition: number;
  leader: number;
  leaderEpoch: number;
  replicas: number[];
  isr: number[];
  logStartOffset: number;
  highWatermark: number;
  lastStableOffset: number;
  logEndOffset: number;
  sizeBytes: number;
  segments: number;
  recordsIn: number;
  folder: string;
  oldestMs?: number | null;
  newestMs?: number | null;
};

export type Config = {
  name: string;
  value: string | null;
  source: 'topic' | 'broker' | 'default';
  default: string | null;
  type: string;
  unit?: string;
  range?: string;
  doc: string;
  sensitive: boolean;
  hasEffect: boolean;
};

export type Group = {
  group: string;
  state: string;
  type: string;
  protocol: string | null;
  members: number;
  browserMembers: number;
  topics: string[];
  lag: number | null;
  lagMs: number | null;
  generation: number;
  coordinator: number;
};

/** A record as every door of a browser gives it; e is the leader epoch. */
export type WireRecord = {
  p: number;
  o: number;
  ts: number;
  e?: number;
  k?: unknown;
  v?: unknown;
  h?: [string, unknown][];
  del?: boolean;
};

export type Published = { p: number; o: number; ts: number } | { code: string; detail: string };
