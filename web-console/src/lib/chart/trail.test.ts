import { expect, test } from 'vitest';
import { Trail } from './trail';

test('a trail keeps the newest value of each step', () => {
  const trail = new Trail(5000, 3);
  trail.add(1, 10_000);
  trail.add(2, 12_000);
  trail.add(3, 15_000);
  expect(trail.values).toEqual([null, 2, 3]);
});

test('what was not measured is a gap', () => {
  const trail = new Trail(5000, 4);
  trail.add(1, 10_000);
  trail.add(2, 20_000);
  expect(trail.values).toEqual([null, 1, null, 2]);
  trail.add(3, 1_000_000);
  expect(trail.values).toEqual([null, null, null, 3]);
});

test('a trail tells whether it looks otherwise', () => {
  const trail = new Trail(5000, 4);
  expect(trail.add(1, 10_000)).toBe(true);
  expect(trail.add(1, 11_000)).toBe(false);
  expect(trail.add(1, 15_000)).toBe(true);
  expect(trail.add(1, 9_000)).toBe(false);
});

test('the history of another fills only what was not measured here', () => {
  const trail = new Trail(5000, 4);
  trail.add(9, 20_000);
  trail.precede([5, 6, 7, 8], 5000, 20_000);
  expect(trail.values).toEqual([5, 6, 7, 9]);
});

test('the history of another stands alone until something is measured', () => {
  const trail = new Trail(5000, 3);
  trail.precede([null, 7, 8], 5000, 20_000);
  expect(trail.values).toEqual([null, 7, 8]);
  trail.add(9, 25_000);
  expect(trail.values).toEqual([7, 8, 9]);
});
