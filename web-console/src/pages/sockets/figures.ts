/** One figure for all subscriptions of a session: the one that matters. Pure. */
import type { Socket } from '../../lib/operations';

/** What it reads, each topic once. */
export function topicsOf({ subscriptions }: Socket): string[] {
  return [...new Set(subscriptions.flatMap((one) => one.topics))];
}

/** How far behind the slowest subscription is. */
export function lagOf({ subscriptions }: Socket): { n: number; ms: number | null } | null {
  return subscriptions.reduce<{ n: number; ms: number | null } | null>(
    (most, { lag }) => (lag && (!most || lag.n > most.n) ? lag : most),
    null,
  );
}

/** The credit of the subscription that will stop first. */
export function creditOf({ subscriptions }: Socket): { n: number; bytes: number } | null {
  return subscriptions.reduce<{ n: number; bytes: number } | null>(
    (least, { credit }) => (credit && (!least || spent(credit) > spent(least)) ? credit : least),
    null,
  );
}

/** Whether nothing may be sent: either half of a credit at or below zero stops. */
export function isSpent(credit: { n: number; bytes: number } | null): boolean {
  return credit !== null && (credit.n <= 0 || credit.bytes <= 0);
}

function spent({ n, bytes }: { n: number; bytes: number }): number {
  return -Math.min(n, bytes / 1024);
}

/** The name of a browser in what it says of itself; the whole when none is known. */
export function browserOf(agent: string | null): string {
  if (!agent) return '–';
  const known: [RegExp, string][] = [
    [/Edg\/(\d+)/, 'Edge'],
    [/Firefox\/(\d+)/, 'Firefox'],
    [/Chrome\/(\d+)/, 'Chrome'],
    [/Version\/(\d+).*Safari/, 'Safari'],
  ];
  for (const [pattern, name] of known) {
    const version = pattern.exec(agent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return agent;
}
