/** What the numbers of an axis are. */
export type Unit = 'bytes' | 'bytes/s' | 'records' | 'records/s' | 'deliveries/s' | 'ms' | 'count';

const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P'];
const TIMES: [number, string][] = [
  [1, 'ms'],
  [1000, 's'],
  [60_000, 'min'],
  [3_600_000, 'h'],
  [86_400_000, 'd'],
];

/** The numbers at the ticks of an axis, all in one unit, which the topmost says. */
export function axisLabels(ticks: readonly number[], unit: Unit): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const [scale, name] = scaleOf(largest, unit);
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) / scale : 1;
  const digits = step > 0 ? Math.min(3, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 0;
  return ticks.map((tick) => {
    const number = (tick / scale).toFixed(tick === 0 ? 0 : trimmed(tick / scale, digits));
    return tick === 0 || name === '' ? number : `${number} ${name}`;
  });
}

/** The steps between ticks that give round numbers in the unit. */
export function axisSteps(unit: Unit): number[] {
  if (unit === 'ms') {
    const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500];
    for (const second of [1, 2, 5, 10, 15, 30]) steps.push(second * 1000);
    for (const minute of [1, 2, 5, 10, 15, 30]) steps.push(minute * 60_000);
    for (const hour of [1, 2, 3, 6, 12]) steps.push(hour * 3_600_000);
    for (const day of [1, 2, 5, 10, 50, 100, 500, 1000]) steps.push(day * 86_400_000);
    return steps;
  }
  const steps: number[] = [];
  for (let power = 0; power <= 15; power++) {
    for (const digit of [1, 2, 5]) steps.push(digit * 10 ** power);
  }
  return steps;
}

function trimmed(value: number, digits: number): number {
  return Number.isInteger(Number(value.toFixed(digits))) && Number.isInteger(value) ? 0 : digits;
}

function scaleOf(largest: number, unit: Unit): [number, string] {
  if (unit === 'ms') {
    return TIMES.filter(([size]) => largest >= size).at(-1) ?? TIMES[0]!;
  }
  const power = largest >= 1000 ? Math.min(5, Math.floor(Math.log10(largest) / 3 + 1e-9)) : 0;
  const prefix = DECIMAL[power]!;
  const scale = 1000 ** power;
  switch (unit) {
    case 'bytes':
      return [scale, `${prefix}B`];
    case 'bytes/s':
      return [scale, `${prefix}B/s`];
    case 'records/s':
    case 'deliveries/s':
      return [scale, `${prefix}/s`];
    case 'records':
    case 'count':
      return [scale, prefix];
  }
}
