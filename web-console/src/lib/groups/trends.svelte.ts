/** How the lag of each group went in the last minutes, kept while the page is open. Confined to: the page. */
import { SvelteMap } from 'svelte/reactivity';
import { Trail } from '../chart/trail';
import type { GroupDetail } from '../operations';
import { apiPath, rest } from '../rest';
import type { Group } from '../types';

const STEP_MS = 5000;
const STEPS = 60;
const AT_ONCE = 4;

class Trends {
  private readonly trails = new Map<string, Trail>();
  /** What the trails look like; a new array when one has changed. */
  readonly lines = new SvelteMap<string, readonly (number | null)[]>();
  private readonly asked = new Set<string>();
  private waiting: string[] = [];
  private running = 0;

  /** Takes what all groups are at now, and forgets those that are gone. */
  take(groups: readonly Group[], nowMs: number): void {
    const names = new Set(groups.map((group) => group.group));
    for (const name of this.trails.keys()) {
      if (!names.has(name)) this.forget(name);
    }
    for (const group of groups) {
      const trail = this.trail(group.group);
      if (trail.add(group.lag, nowMs)) this.lines.set(group.group, [...trail.values]);
    }
  }

  /** Fetches what the broker has noted of a group before this page was opened, once. */
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
      const { history } = await rest.get<GroupDetail>(apiPath(['groups', name]));
      const trail = this.trail(name);
      trail.precede(history.lag, history.stepMs, history.endMs);
      this.lines.set(name, [...trail.values]);
    } catch {
      // The group went meanwhile, or the broker is away: the line begins with what is seen from now on.
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

export const trends = new Trends();
