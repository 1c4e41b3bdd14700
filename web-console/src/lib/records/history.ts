/** Reads a topic backwards, page by page over all its partitions. Confined to: the page. */
import { apiPath, rest } from '../rest';
import type { WireRecord } from '../types';
import type { RecordRow, Row } from './record';

const PAGE = 200;
const ENOUGH = 50;
const ROUNDS_MAX = 20;

export class History {
  /** Per partition the oldest offset that was read. */
  private first = new Map<number, number>();

  constructor(private readonly topic: string) {}

  /**
   * Notes where reading forward began.
   *
   * @return how many records there are from there to the end
   */
  begin(at: Record<string, unknown>, end: Record<string, number>): number {
    let backlog = 0;
    for (const [partition, from] of Object.entries(at)) {
      if (typeof from !== 'number') continue;
      this.first.set(Number(partition), from);
      backlog += Math.max(0, (end[partition] ?? from) - from);
    }
    return backlog;
  }

  /** Whether there is anything before what was read. */
  hasOlder(starts: Map<number, number>): boolean {
    return [...this.first].some(([partition, offset]) => offset > (starts.get(partition) ?? 0));
  }

  /** The next page that has some records that pass, oldest first. */
  async older(starts: Map<number, number>, passes: (row: Row) => boolean, read: (n: number) => void): Promise<Row[]> {
    const found: RecordRow[] = [];
    for (let round = 0; round < ROUNDS_MAX && found.length < ENOUGH && this.hasOlder(starts); round++) {
      const pages = await Promise.all([...this.first].map(([partition, before]) => this.page(partition, before, starts)));
      for (const page of pages) {
        read(page.length);
        found.push(...page.filter(passes));
      }
    }
    return found.sort((a, b) => a.ts - b.ts || a.p - b.p || a.o - b.o);
  }

  private async page(partition: number, before: number, starts: Map<number, number>): Promise<RecordRow[]> {
    const start = starts.get(partition) ?? 0;
    const from = Math.max(start, before - PAGE);
    if (from >= before) return [];
    const query = { from: String(from), partition, limit: before - from, value: 'text' };
    const path = apiPath(['topics', this.topic, 'records'], query);
    const { records } = await rest.get<{ records: WireRecord[] }>(path);
    this.first.set(partition, from);
    return records.filter((record) => record.o < before).map((record) => ({ ...record, kind: 'record' }));
  }
}
