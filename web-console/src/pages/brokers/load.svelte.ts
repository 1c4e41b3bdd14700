/** How the load of each broker went while somebody looked. Confined to: the page. */
import { SvelteMap } from 'svelte/reactivity';
import { Trail } from '../../lib/chart/trail';
import type { Broker } from '../../lib/operations';

const STEP_MS = 5000;
const STEPS = 60;
const MEASURES = {
  cpu: (broker: Broker) => broker.cpuPercent,
  heap: (broker: Broker) => broker.heapUsedBytes,
  in: (broker: Broker) => broker.rates.bytesIn,
  out: (broker: Broker) => broker.rates.bytesOut,
  records: (broker: Broker) => broker.rates.recordsIn,
  requests: (broker: Broker) => broker.rates.requests,
} as const;

export type Measure = keyof typeof MEASURES;

class Load {
  private readonly trails = new Map<string, Trail>();
  private readonly lines = new SvelteMap<string, readonly (number | null)[]>();

  /** Takes what a broker is at now. */
  take(broker: Broker, nowMs: number): void {
    for (const [measure, of] of Object.entries(MEASURES)) {
      const key = `${broker.id} ${measure}`;
      let trail = this.trails.get(key);
      if (!trail) {
        trail = new Trail(STEP_MS, STEPS);
        this.trails.set(key, trail);
      }
      if (trail.add(of(broker), nowMs)) this.lines.set(key, [...trail.values]);
    }
  }

  /** The last 5 minutes of one measure, oldest first. */
  of(broker: number, measure: Measure): readonly (number | null)[] {
    return this.lines.get(`${broker} ${measure}`) ?? [];
  }
}

export const load = new Load();
