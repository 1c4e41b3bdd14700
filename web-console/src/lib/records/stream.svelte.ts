/**
 * Records of a topic as they arrive, for a list: a bounded number of rows, drawn once per frame of animation, and
 * counted while the reader looks at older ones. Confined to: the page.
 */
import type { Subscription } from '../../../client/millrace.js';
import { ProblemError } from '../rest';
import { session } from '../session.svelte';
import type { WireRecord } from '../types';
import { History } from './history';
import type { RecordRow, Row } from './record';

const ROWS_MAX = 5000;
/** Records the broker may send ahead of what is drawn. */
const CREDIT = { n: 2000, bytes: 4 << 20 };
/** How long the backlog of all partitions is awaited, to be put in order of time. */
const BACKLOG_MS = 500;
const RATE_MS = 500;
/** Rows that are read at once when a reader goes forward. */
const PAGE = 500;

export type Order = 'tail' | 'newest' | 'oldest';

export type Source = { topic: string; from: string; partitions: number[] | null; order: Order };

export class RecordStream {
  /** Rows that pass the filter, in order of arrival. */
  rows = $state.raw<Row[]>([]);
  /** How many records were read and how many of them passed. */
  scanned = $state(0);
  matched = $state(0);
  /** Records that passed while the list stood still. */
  fresh = $state(0);
  /** Rows that went at the start because others came. */
  dropped = $state(0);
  perSecond = $state(0);
  /** Records up to the end, as the broker last told. */
  lag = $state<number | null>(null);
  begun = $state(false);
  problem = $state.raw<ProblemError | null>(null);
  /** Why it cannot begin yet; it is tried again by itself. */
  waits = $state.raw<ProblemError | null>(null);
  /** While the reader looks elsewhere or has paused, rows stay as they are. */
  held = $state(false);

  private kept: Row[] = [];
  private pending: Row[] = [];
  private backlog = 0;
  private startMs = 0;
  private wanted = PAGE;
  private frame = 0;
  private lastRate = { scanned: 0, atMs: 0 };
  private open: (() => void) | null = null;
  private subscription: Subscription | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private stopped = false;
  private readonly history: History;

  constructor(
    readonly source: Source,
    private passes: (row: Row) => boolean,
  ) {
    this.history = new History(source.topic);
  }

  start(): void {
    this.startMs = performance.now();
    this.lastRate.atMs = this.startMs;
    this.timer = setInterval(() => this.measure(), RATE_MS);
    void this.read();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.timer);
    cancelAnimationFrame(this.frame);
    this.subscription?.close();
    this.open?.();
  }

  /** Another filter: what was read lately is looked through again. */
  refilter(passes: (row: Row) => boolean): void {
    this.passes = passes;
    this.rows = [...this.kept, ...this.pending].filter(passes);
    this.kept = [...this.kept, ...this.pending];
    this.pending = [];
    this.fresh = 0;
    this.matched = this.rows.filter((row) => row.kind === 'record').length;
    this.scanned = this.kept.filter((row) => row.kind === 'record').length;
    this.lastRate = { scanned: this.scanned, atMs: performance.now() };
  }

  hold(held: boolean): void {
    if (this.held === held) return;
    this.held = held;
    if (held) return;
    this.open?.();
    this.schedule();
  }

  /** The reader comes to the end of what is here: the next page is read. */
  more(): void {
    if (this.rows.length + this.pending.length < this.wanted - PAGE / 2) return;
    this.wanted = this.rows.length + PAGE;
    this.open?.();
  }

  /** Whether there is anything before the oldest row. */
  hasOlder(starts: Map<number, number>): boolean {
    void this.scanned;
    return this.history.hasOlder(starts);
  }

  /** Reads a page of records before the oldest one; for lists with the newest first. */
  async older(starts: Map<number, number>): Promise<void> {
    const before = this.scanned;
    try {
      const found = await this.history.older(starts, this.passes, (records) => (this.scanned += records));
      this.lastRate.scanned += this.scanned - before;
      this.matched += found.length;
      this.rows = [...found, ...this.rows];
      this.kept = [...found, ...this.kept];
    } catch (fault) {
      this.problem = ProblemError.of(fault);
    }
  }

  private async read(): Promise<void> {
    const { topic, from, partitions } = this.source;
    const subscription = session.millrace.topic(topic).records({
      from,
      credit: CREDIT,
      // As it stands: JSON that is parsed on the way would lose digits.
      value: 'text',
      ...(partitions ? { partitions } : {}),
      onGap: (gap) => this.take([{ kind: 'gap', p: gap.p, from: gap.from, to: gap.to, why: gap.why }]),
      onProgress: (progress) => (this.lag = progress.lag?.n ?? this.lag),
      onWait: (error) => (this.waits = asProblem(error)),
    });
    this.subscription = subscription;
    try {
      const where = (await subscription.ready)[topic];
      this.backlog = this.history.begin(where?.at ?? {}, where?.end ?? {});
      this.begun = true;
      this.waits = null;
      for await (const batch of subscription.batches()) {
        if (this.stopped) return;
        this.scanned += batch.length;
        this.take(batch.map((record) => asRow(record as WireRecord)));
        await this.turn();
      }
    } catch (fault) {
      if (!this.stopped) this.fail(fault);
    }
  }

  private fail(fault: unknown): void {
    this.problem = asProblem(fault);
  }

  private take(rows: Row[]): void {
    this.pending.push(...rows);
    if (this.held && !this.reads()) this.fresh += rows.filter((row) => row.kind === 'record' && this.passes(row)).length;
    // A page that nobody sees has no frames of animation.
    if (this.pending.length > 2 * ROWS_MAX) this.pending.splice(0, this.pending.length - ROWS_MAX);
    this.schedule();
  }

  /** Whether reading itself waits for the reader. */
  private reads(): boolean {
    return this.source.order === 'oldest';
  }

  /** Waits until the reader wants more; a tail always does. */
  private async turn(): Promise<void> {
    while (!this.stopped && this.reads() && (this.held || this.rows.length + this.matching() >= this.wanted)) {
      await new Promise<void>((resolve) => (this.open = resolve));
    }
  }

  private matching(): number {
    return this.pending.filter(this.passes).length;
  }

  private schedule(): void {
    if (this.frame !== 0 || this.stopped) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    if (this.held && !this.reads()) return;
    const catchingUp = this.scanned < this.backlog && performance.now() - this.startMs < BACKLOG_MS;
    if (catchingUp && !this.reads() && this.pending.length < ROWS_MAX) return this.schedule();
    if (this.scanned <= this.backlog || this.kept.length === 0) sortByTime(this.pending, this.reads());
    const rows = this.rows.concat(this.pending.filter(this.passes));
    const over = Math.max(0, rows.length - ROWS_MAX);
    this.matched += rows.length - this.rows.length;
    this.dropped += over;
    this.rows = over > 0 ? rows.slice(over) : rows;
    this.kept = this.kept.concat(this.pending).slice(-ROWS_MAX);
    this.pending = [];
    this.fresh = 0;
    this.open?.();
  }

  private measure(): void {
    const nowMs = performance.now();
    const rate = ((this.scanned - this.lastRate.scanned) * 1000) / (nowMs - this.lastRate.atMs);
    this.perSecond = Math.max(0, Math.round(rate));
    this.lastRate = { scanned: this.scanned, atMs: nowMs };
  }
}

function asProblem(fault: unknown): ProblemError {
  const { code, message, hint } = fault as { code?: string; message?: string; hint?: string };
  return new ProblemError(0, code ?? 'UNKNOWN', message ?? String(fault), hint ?? null);
}

function asRow(record: WireRecord): RecordRow {
  return { ...record, kind: 'record' };
}

/** Partitions arrive one after the other; people read by time. A gap stays before its partition's next record. */
function sortByTime(rows: Row[], keep: boolean): void {
  if (keep || rows.some((row) => row.kind === 'gap')) return;
  (rows as RecordRow[]).sort((a, b) => a.ts - b.ts || a.p - b.p || a.o - b.o);
}
