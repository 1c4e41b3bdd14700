/** How the load of each broker went while somebody looked. Confined to: the page. */
import { SvelteMap } from 'svelte/reactivity';
import { Trail } from '../../lib/chart/trail';
import { known, type Broker, type KnownBroker } from '../../lib/operations';

const STEP_MS = 5000;
const STEPS = 60;
const MEASURES = {
  cpu: (broker: KnownBroker) => broker.cpuPercent,
  heap: (broker: KnownBroker) => broker.heapUsedBytes,
  in: (broker: KnownBroker) => broker.rates.bytesIn,
  out: (broker: KnownBroker) => broker.rates.bytesOut,
  records: (broker: KnownBroker) => broker.rates.recordsIn,
  requests: (broker: KnownBroker) => broker.rates.requests,
} as const;

export type Measure = keyof typeof MEASURES;

class Load {
  private readonly trails = new Map<string, Trail>();
  private readonly lines = new SvelteMap<string, readonly (number | null)[]>();

  /** Takes what a broker is at now. */
  take(told: Broker, nowMs: number): void {
    const broker = known(told);
    if (!broker) return;
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
