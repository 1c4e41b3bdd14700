/** Sends records part by part and keeps what became of each. Confined to: the page. */
import { apiPath, ProblemError, rest } from '../rest';
import type { Published } from '../types';
import { parts, type NewRecord } from './records';

const PART_RECORDS = 500;
const PART_CHARS = 256 * 1024;
/** How many outcomes are shown. */
const KEPT = 1000;

export type Outcome = { id: number; key: string | null; stored: { p: number; o: number; ts: number } | null; fault: string | null };

export class Producer {
  /** What became of the records, newest first. */
  outcomes = $state.raw<Outcome[]>([]);
  stored = $state(0);
  failed = $state(0);
  /** While many are under way: how many of how many. */
  done = $state(0);
  all = $state(0);
  working = $state(false);
  private stopping = false;
  private last = 0;

  /** Sends all; what is refused is among the outcomes, a fault of the whole request ends it. */
  async send(topic: string, records: NewRecord[], acks: string): Promise<void> {
    this.working = true;
    this.stopping = false;
    this.done = 0;
    this.all = records.length;
    try {
      for (const part of parts(records, PART_RECORDS, PART_CHARS)) {
        if (this.stopping) break;
        await this.sendPart(apiPath(['topics', topic, 'records'], { acks }), part);
        this.done += part.length;
      }
    } finally {
      this.working = false;
    }
  }

  stop(): void {
    this.stopping = true;
  }

  clear(): void {
    this.outcomes = [];
    this.stored = 0;
    this.failed = 0;
  }

  private async sendPart(path: string, part: NewRecord[]): Promise<void> {
    try {
      const { records } = await rest.post<{ records: Published[] }>(path, { records: part });
      this.add(part.map((record, i) => this.outcome(record, records[i])));
    } catch (fault) {
      const { detail, hint } = ProblemError.of(fault);
      this.add(part.map((record) => ({ id: ++this.last, key: record.k, stored: null, fault: hint ? `${detail} ${hint}` : detail })));
      throw fault;
    }
  }

  private outcome(record: NewRecord, answer: Published | undefined): Outcome {
    const id = ++this.last;
    if (answer && 'o' in answer) return { id, key: record.k, stored: answer, fault: null };
    return { id, key: record.k, stored: null, fault: answer ? `${answer.code}: ${answer.detail}` : 'UNKNOWN' };
  }

  private add(outcomes: Outcome[]): void {
    const stored = outcomes.filter((one) => one.stored !== null).length;
    this.stored += stored;
    this.failed += outcomes.length - stored;
    this.outcomes = [...outcomes.toReversed(), ...this.outcomes].slice(0, KEPT);
  }
}

const producers = new Map<string, Producer>();

/** The producer of a topic: what it does goes on while other pages are looked at. */
export function producerOf(topic: string): Producer {
  let producer = producers.get(topic);
  if (!producer) {
    producer = new Producer();
    producers.set(topic, producer);
  }
  return producer;
}
