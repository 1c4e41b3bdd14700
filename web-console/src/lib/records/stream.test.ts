import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WireRecord } from '../types';
import { matcher } from './record';

type Options = { onGap: (gap: object) => void; onWait: (error: object) => void };

/** A subscription whose batches the test gives, one by one. */
class Given {
  at: Record<string, number> = { 0: 0, 1: 0 };
  end: Record<string, number> = { 0: 0, 1: 0 };
  taken = 0;
  closed = false;
  options: Options | null = null;
  pending: Promise<void> = Promise.resolve();
  private batches: WireRecord[][] = [];
  private wake: (() => void) | null = null;

  give(...batches: WireRecord[][]): void {
    this.batches.push(...batches);
    this.wake?.();
  }

  subscribe(options: Options) {
    this.options = options;
    return {
      ready: this.pending.then(() => ({ orders: { id: 'x', at: this.at, end: this.end } })),
      batches: () => this.iterate(),
      close: () => {
        this.closed = true;
        this.wake?.();
      },
    };
  }

  private async *iterate() {
    while (!this.closed) {
      const next = this.batches.shift();
      if (next) {
        this.taken++;
        yield next;
      } else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

const given = vi.hoisted(() => ({ now: null as unknown }));
vi.mock('../session.svelte', () => ({
  session: { millrace: { topic: () => ({ records: (options: Options) => (given.now as Given).subscribe(options) }) } },
}));

const { RecordStream } = await import('./stream.svelte');
type Stream = InstanceType<typeof RecordStream>;

const record = (p: number, o: number, ts = o): WireRecord => ({ p, o, ts, k: `k${o}`, v: `value ${o}` });
const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => record(0, from + i));
const offsets = (stream: Stream) => stream.rows.map((row) => (row.kind === 'record' ? row.o : `gap ${row.from}`));

let source: Given;
let stream: Stream;
let frames: (() => void)[];

/** Everything that waits happens, and then a frame of animation is drawn. */
async function frame(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  for (const draw of frames.splice(0)) draw();
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

async function start(order: 'tail' | 'newest' | 'oldest', text = ''): Promise<void> {
  stream = new RecordStream({ topic: 'orders', from: 'latest', partitions: null, order }, matcher({ key: '', text }));
  stream.start();
  await frame();
}

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
  vi.stubGlobal('cancelAnimationFrame', () => frames.splice(0));
  given.now = source = new Given();
});

afterEach(() => {
  stream.stop();
  vi.unstubAllGlobals();
});

it('says what it waits for until it begins', async () => {
  let begin = () => {};
  source.pending = new Promise((resolve) => (begin = resolve));
  await start('tail');
  source.options?.onWait({ code: 'LEADER_NOT_AVAILABLE', message: 'Partition 1 of topic orders has no leader.' });
  expect(stream.waits?.detail).toBe('Partition 1 of topic orders has no leader.');
  expect(stream.problem).toBeNull();

  begin();
  await frame();
  expect(stream.begun).toBe(true);
  expect(stream.waits).toBeNull();
});

it('draws all that came since the last frame at once', async () => {
  await start('tail');
  source.give([record(0, 0)], [record(0, 1), record(0, 2)]);
  expect(stream.rows).toEqual([]);
  await frame();
  expect(offsets(stream)).toEqual([0, 1, 2]);
  expect([stream.scanned, stream.matched]).toEqual([3, 3]);
});

it('keeps the newest 5,000 rows and says how many went', async () => {
  await start('tail');
  source.give(many(0, 4000));
  await frame();
  source.give(many(4000, 3000));
  await frame();
  expect(stream.rows).toHaveLength(5000);
  expect(offsets(stream)[0]).toBe(2000);
  expect(stream.dropped).toBe(2000);
});

it('stands still while it is held, counts what is new, and goes on afterwards', async () => {
  await start('tail');
  source.give([record(0, 0)]);
  await frame();
  stream.hold(true);
  source.give(many(1, 10));
  await frame();
  expect(offsets(stream)).toEqual([0]);
  expect(stream.fresh).toBe(10);
  stream.hold(false);
  await frame();
  expect(stream.rows).toHaveLength(11);
  expect(stream.fresh).toBe(0);
});

it('holds no more than a bounded number of records for a page that nobody sees', async () => {
  await start('tail');
  stream.hold(true);
  for (let i = 0; i < 10; i++) source.give(many(i * 2000, 2000));
  await frame();
  await frame();
  stream.hold(false);
  await frame();
  expect(stream.rows.length).toBeLessThanOrEqual(5000);
  expect(offsets(stream).at(-1)).toBe(19_999);
});

it('shows what was there before in order of time, although partitions come one after the other', async () => {
  source.end = { 0: 2, 1: 2 };
  await start('newest');
  source.give([record(0, 0, 10), record(0, 1, 30)], [record(1, 0, 20), record(1, 1, 40)]);
  await frame();
  await frame();
  expect(stream.rows.map((row) => row.kind === 'record' && row.ts)).toEqual([10, 20, 30, 40]);
});

it('filters the stream, and looks again through what was read when the filter changes', async () => {
  await start('tail', 'value 3');
  source.give(many(0, 10));
  await frame();
  expect(offsets(stream)).toEqual([3]);
  expect([stream.scanned, stream.matched]).toEqual([10, 1]);
  stream.refilter(matcher({ key: '', text: 'value 5' }));
  expect(offsets(stream)).toEqual([5]);
  source.give([record(0, 15), { ...record(0, 16), v: 'value 5 again' }]);
  await frame();
  expect(offsets(stream)).toEqual([5, 16]);
});

it('shows a gap where it is', async () => {
  await start('oldest');
  source.give([record(0, 0)]);
  await frame();
  source.options?.onGap({ t: 'orders', p: 0, from: 1, to: 7, why: 'compacted' });
  source.give([record(0, 7)]);
  await frame();
  expect(offsets(stream)).toEqual([0, 'gap 1', 7]);
});

it('reads forward only as far as the reader goes', async () => {
  await start('oldest');
  for (let i = 0; i < 20; i++) source.give(many(i * 100, 100));
  for (let i = 0; i < 30; i++) await frame();
  expect(stream.rows.length).toBeLessThan(800);
  const taken = source.taken;
  stream.more();
  for (let i = 0; i < 30; i++) await frame();
  expect(source.taken).toBeGreaterThan(taken);
  expect(stream.rows.length).toBeLessThan(1300);
});

it('ends its subscription with the page', async () => {
  await start('tail');
  stream.stop();
  expect(source.closed).toBe(true);
});
