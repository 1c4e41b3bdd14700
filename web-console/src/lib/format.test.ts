import { describe, expect, it } from 'vitest';
import { byteRate, clock, count, duration, exact, percent, rate, size, time, utc, utf8Bytes, zone } from './format';

describe('numbers', () => {
  it('has at most three significant digits and a unit', () => {
    expect(count(0)).toBe('0');
    expect(count(999)).toBe('999');
    expect(count(1_000)).toBe('1 k');
    expect(count(1_020_000)).toBe('1.02 M');
    expect(count(12_350)).toBe('12.3 k');
    expect(count(1.256)).toBe('1.26');
  });

  it('goes to the next unit before three digits would become four', () => {
    expect(count(999_600)).toBe('1 M');
    expect(size(999_999)).toBe('1 MB');
  });

  it('writes sizes and rates as people say them', () => {
    expect(size(350)).toBe('350 B');
    expect(byteRate(12_400_000)).toBe('12.4 MB/s');
    expect(rate(350)).toBe('350 /s');
    expect(rate(1_020)).toBe('1.02 k/s');
    expect(percent(0.075)).toBe('7.5 %');
  });

  it('shows a dash where there is no number', () => {
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect([count(value), size(value), rate(value), duration(value), time(value)]).toEqual(['–', '–', '–', '–', '–']);
    }
  });

  it('keeps every digit in the exact form', () => {
    expect(exact(1_763_640_000_123)).toBe('1,763,640,000,123');
  });
});

describe('durations', () => {
  it.each([
    [350, '350 ms'],
    [1_500, '1.5 s'],
    [12_000, '12 s'],
    [59_700, '1 min'],
    [245_000, '4 min 5 s'],
    [3 * 3_600_000 + 10 * 60_000, '3 h 10 min'],
    [7 * 86_400_000, '7 d'],
    [86_400_000 + 3_600_000, '1 d 1 h'],
    [-1_000, '-1 s'],
  ])('%i ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
});

describe('times', () => {
  const at = Date.UTC(2026, 10, 20, 5, 3, 22, 120);

  it('says the zone beside the time of the viewer', () => {
    expect(time(at)).toMatch(/^2026-11-\d\d \d\d:\d\d:22\.120 UTC/);
    expect(time(at).endsWith(zone(at))).toBe(true);
    expect(clock(at)).toMatch(/:22\.120$/);
  });

  it('has UTC for the tooltip', () => expect(utc(at)).toBe('2026-11-20T05:03:22.120Z'));

  it('does not fail at a time that no calendar has', () => expect(time(9e15)).toBe('–'));
});

it('counts bytes of UTF-8', () => expect(utf8Bytes('방앗간')).toBe(9));
