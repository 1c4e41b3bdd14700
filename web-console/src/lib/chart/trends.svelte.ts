/** How a number of each row of a list went in the last minutes, kept while the page is open. Confined to: the page. */
import { SvelteMap } from 'svelte/reactivity';
import { rest } from '../rest';
import { Trail } from './trail';

const STEP_MS = 5000;
const STEPS = 60;
const AT_ONCE = 4;

/** What the broker has noted before this page was opened. */
export type Noted = { values: readonly (number | null)[]; stepMs: number; endMs: number };

type Source<Row, Detail> = {
  name: (row: Row) => string;
  value: (row: Row) => number | null;
  /** Where one row has its history. */
  path: (name: string) => string;
  noted: (detail: Detail) => Noted;
};

export class Trends<Row, Detail> {
  private readonly trails = new Map<string, Trail>();
  /** What the trails look like; a new array when one has changed. */
  readonly lines = new SvelteMap<string, readonly (number | null)[]>();
  private readonly asked = new Set<string>();
  private waiting: string[] = [];
  private running = 0;

  constructor(private readonly source: Source<Row, Detail>) {}

  /** Takes what the rows that were looked at are at now, and forgets those that are gone. */
  take(rows: readonly Row[], nowMs: number): void {
    if (this.asked.size === 0) return;
    const gone = new Set(this.asked);
    for (const row of rows) {
      const name = this.source.name(row);
      if (!gone.delete(name)) continue;
      const trail = this.trail(name);
      if (trail.add(this.source.value(row), nowMs)) this.lines.set(name, [...trail.values]);
    }
    for (const name of gone) this.forget(name);
  }

  /** Fetches what the broker has noted of a row before this page was opened, once. */
  seed(name: string): void {
    if (this.asked.has(name)) return;
    this.asked.add(name);
    this.waiting.push(name);
    this.next();
  }

  private next(): void {
    while (this.running < AT_ONCE && this.waiting.length > 0) {
      const name = this.waiting.shift()!;
      this.running++;
      void this.fetch(name).finally(() => {
        this.running--;
        this.next();
      });
    }
  }

  private async fetch(name: string): Promise<void> {
    try {
      const noted = this.source.noted(await rest.get<Detail>(this.source.path(name)));
      const trail = this.trail(name);
      trail.precede(noted.values, noted.stepMs, noted.endMs);
      this.lines.set(name, [...trail.values]);
    } catch {
      // The row went meanwhile, or the broker is away: the line begins with what is seen from now on.
      this.asked.delete(name);
    }
  }

  private trail(name: string): Trail {
    let trail = this.trails.get(name);
    if (!trail) {
      trail = new Trail(STEP_MS, STEPS);
      this.trails.set(name, trail);
    }
    return trail;
  }

  private forget(name: string): void {
    this.trails.delete(name);
    this.lines.delete(name);
    this.asked.delete(name);
  }
}
