import { expect, test } from 'vitest';
import { ranges } from './ranges';

test('runs of partitions are told by their ends', () => {
  expect(ranges([3, 0, 1, 2, 5])).toBe('0–3, 5');
});

test('two neighbours are no run', () => {
  expect(ranges([0, 1, 7])).toBe('0, 1, 7');
  expect(ranges([])).toBe('');
});
