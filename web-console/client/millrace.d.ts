/** Types of `millrace.js`, the client of Millrace for browsers and Node. */

/** Where to begin: a word, an offset, or a position that an earlier subscription gave. */
export type From =
  | 'earliest'
  | 'latest'
  | 'commit'
  | `end-${number}`
  | `ts:${string}`
  | `age:${string}`
  | number
  | Position
  | (string & {})

/** The next offset and the leader epoch of the last record seen, by partition, for each topic. */
export type Position = Record<string, { id: string; at: Record<string, [next: number, epoch: number]> }>

/** Partition numbers by topic. */
export type Partitions = Record<string, number[]>

export type Header = [name: string, value: string | { b64: string } | null]

export interface MillraceRecord<V = unknown, K = unknown> {
  /** Topic. */
  readonly t: string
  /** Partition. */
  readonly p: number
  /** Offset. */
  readonly o: number
  /** Leader epoch. */
  readonly e: number
  /** Milliseconds since 1970. */
  readonly ts: number
  readonly k: K
  /** JSON as a value, other text as a string, bytes as `{b64}`; `value` of the options forces one. */
  readonly v: V
  readonly h?: readonly Header[]
  /** True for a tombstone. */
  readonly del?: boolean
}

/** Offsets that exist no more, or were jumped over. */
export interface Gap {
  readonly t: string
  readonly p: number
  readonly from: number
  readonly to: number
  readonly why: 'retention' | 'truncated' | 'skipped' | 'compacted' | (string & {})
}

export interface Progress {
  /** How far the subscription is behind the end. */
  readonly lag?: { readonly n: number; readonly ms: number }
  /** The end offset of each partition, by topic. */
  readonly end?: Record<string, Record<string, number>>
}

export type ValueForm = 'auto' | 'json' | 'text' | 'b64' | 'none'

interface CommonOptions {
  from?: From
  /**
   * How much the server may send ahead of what is consumed. Unless told 256 records and 256 KiB, and up to sixteen
   * times that while the server is far and the reader keeps up.
   */
  credit?: number | { n?: number; bytes?: number }
  value?: ValueForm
  onGap?: (gap: Gap) => void
  onProgress?: (progress: Progress) => void
  /** It cannot begin for now, as while a partition has no leader; it is asked for again by itself. */
  onWait?: (error: MillraceError) => void
  /** Aborting ends the subscription, and the loop over it. */
  signal?: AbortSignal
}

export interface ReadOptions extends CommonOptions {
  /** Only these partitions, of each topic. */
  partitions?: number[]
  /** What the server does when this reader is too slow; `wait` unless told. */
  onLag?: 'wait' | 'skip' | 'conflate' | 'close'
  /** With `onLag: 'skip'`: how many records behind is too far. */
  skip?: number
}

export interface GroupOptions extends CommonOptions {
  topics: string | string[]
  /**
   * A name of this member that outlives a reload, so that nothing is shared out anew. Without one the page has its
   * place for as long as it is open: also over a new socket, at this broker or another.
   */
  instance?: string
  onAssign?: (added: Partitions, about: { generation: number }) => void
  /** Called before partitions go to another member: what is acknowledged in here still counts. */
  onRevoke?: (dropped: Partitions, about: { withinMs: number; lost: boolean }) => void
}

export interface Subscription<V = unknown, K = unknown> extends AsyncIterable<MillraceRecord<V, K>> {
  /** Resolves with the server's first answer: where reading begins (`at`) and where the partitions end. */
  readonly ready: Promise<Record<string, { id: string; at?: Record<string, unknown>; end?: Record<string, number> }>>
  readonly lag?: Progress['lag']
  readonly ends?: Progress['end']
  /** Arrays of records as they arrived, each of one partition: for pages that draw many at once. */
  batches(): AsyncIterableIterator<MillraceRecord<V, K>[]>
  /** The place after the last record that was handed out. */
  position(): Position
  pause(): void
  resume(): void
  seek(to: From): Promise<void>
  close(): void
}

export interface Group<V = unknown, K = unknown> extends Subscription<V, K> {
  /** What this member holds now. */
  readonly assignment: Partitions
  /** Commits up to and including a record, or to a position; without argument all that was handed out. */
  ack(what?: MillraceRecord<V, K> | Position | Record<string, Record<string, number>>): Promise<unknown>
}

export interface Topic {
  readonly names: readonly string[]
  records<V = unknown, K = unknown>(options?: ReadOptions): Subscription<V, K>
  batches<V = unknown, K = unknown>(options?: ReadOptions): AsyncIterableIterator<MillraceRecord<V, K>[]>
  publish(record: NewRecord): Promise<Published>
}

export interface NewRecord {
  /** A string, bytes, or anything that JSON can say. */
  k?: unknown
  /** The same; left out or null it is a tombstone. */
  v?: unknown
  h?: Record<string, string | Uint8Array> | [name: string, value: string | Uint8Array | null][]
  /** Partition; left out, the key decides. */
  p?: number
  acks?: 'all' | '1' | '0' | 1 | 0
}

export interface Published {
  p: number
  o: number
  ts: number
}

/** A change of a watched document: all of it, or items that are new or different, and keys of items that went. */
export interface ViewDelta<D> {
  readonly full?: D
  readonly set?: readonly unknown[]
  readonly drop?: readonly (string | number)[]
}

export interface WatchOptions {
  everyMs?: number
  signal?: AbortSignal
  onError?: (error: MillraceError) => void
  /** How many items of a list that only grows are kept: the newest; 1,000 events unless told. */
  keep?: number
}

export interface Watch<D = unknown> {
  /** The document as it is now; undefined until it came. */
  readonly view?: D
  close(): void
}

export type Status =
  | { readonly state: 'idle' | 'connecting' | 'open' }
  | { readonly state: 'waiting'; readonly retryInMs: number; readonly code: number; readonly reason: string }
  | { readonly state: 'closed'; readonly code: number; readonly reason: string }

/** What is needed of a WebSocket class: the browser's, Node's, or that of the package `ws`. */
export type WebSocketClass = new (url: string, protocols?: string[]) => {
  send(text: string): void
  close(code?: number, reason?: string): void
}

export interface Options {
  /**
   * A ticket, good for the first socket, or a function that fetches one for each socket; it is given the HTTP address
   * of the broker that will be dialled.
   */
  ticket?: string | ((address: string) => string | Promise<string>)
  WebSocket?: WebSocketClass
  /** Pauses between attempts are random, from 0 to a bound that doubles from `minMs` (250) up to `maxMs` (30,000). */
  backoff?: { minMs?: number; maxMs?: number }
  /**
   * After so long without a frame, 25,000 unless given, the broker is asked whether it is there, and left if it does not
   * say so within another 10,000. Where something was to come it is asked after 8,000, and left as soon as a new socket
   * opens while the old one stays silent.
   */
  silenceMs?: number
  /** From 0 to below 1; for tests. */
  random?: () => number
  /** For tests. */
  timers?: {
    now(): number
    setTimeout(work: () => void, ms: number): unknown
    clearTimeout(timer: any): void
  }
}

export class MillraceError extends Error {
  /** Kafka's name of the error where it has one. */
  readonly code: string
  /** Whether the same may succeed later. */
  readonly retry: boolean
  /** What to do. */
  readonly hint?: string
  /** The close code of the socket, when it went. */
  readonly closeCode?: number
}

/** One session with a broker. It connects with the first thing that is asked of it. */
export class Millrace {
  constructor(url?: string | URL, options?: Options)
  readonly status: Status
  on(kind: 'status', listener: (status: Status) => void): () => void
  /** The HTTP address of the broker that it talks to now, or tries next: another one after its own is gone. */
  readonly address: string
  on(kind: 'nodes', listener: (nodes: string[]) => void): () => void
  on(kind: 'error', listener: (error: MillraceError) => void): () => void
  /** Connects now; also ends a pause between two attempts. */
  connect(): void
  /** Ends the session for good. */
  close(): void
  topic(...names: string[]): Topic
  group<V = unknown, K = unknown>(group: string, options: GroupOptions): Group<V, K>
  /**
   * Resolves when the record is stored. It is sent once: when the connection goes before the answer, this fails with
   * `retry: true`, and the caller decides.
   */
  publish(topic: string, record: NewRecord): Promise<Published>
  /** Calls `onView` with the document of a REST address at once and after each change. */
  watch<D = unknown>(path: string, options: WatchOptions, onView: (view: D, delta: ViewDelta<D>) => void): Watch<D>
  watch<D = unknown>(path: string, onView: (view: D, delta: ViewDelta<D>) => void): Watch<D>
}
