/** Which events are shown, and in what order. Pure. */
import type { BrokerEvent, Level } from '../../lib/operations';

export type Filter = { text: string; kind: string; level: string };

const RANK: Record<Level, number> = { info: 0, warn: 1, bad: 2 };

/** Newest first, those that fit. A kind may be a whole family: `group` has `group.created` and `group.rebalance`. */
export function shownEvents(events: readonly BrokerEvent[], { text, kind, level }: Filter): BrokerEvent[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const least = RANK[level as Level] ?? 0;
  return events
    .filter((event) => RANK[event.level] >= least)
    .filter((event) => kind === '' || event.kind === kind || event.kind.startsWith(`${kind}.`))
    .filter((event) => {
      const all =
        `${event.kind} ${event.text} ${event.topic ?? ''} ${event.group ?? ''} ${event.address ?? ''}`.toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .sort((a, b) => b.seq - a.seq);
}

/** The kinds there are, each family before its members. */
export function kindsOf(events: readonly BrokerEvent[]): string[] {
  const kinds = new Set(events.map((event) => event.kind));
  const families = new Map<string, number>();
  for (const kind of kinds) {
    const family = kind.split('.')[0]!;
    families.set(family, (families.get(family) ?? 0) + 1);
  }
  for (const [family, members] of families) if (members > 1) kinds.add(family);
  return [...kinds].sort();
}
