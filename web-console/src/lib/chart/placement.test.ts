import { expect, test } from 'vitest';
import { emptyStretches, lonePoints, placeLabels } from './placement';

test('labels with room stand at the ends of their lines', () => {
  expect(placeLabels([20, 100], 16, 160)).toEqual([20, 100]);
});

test('labels that would overlap move apart and keep the order of their lines', () => {
  const placed = placeLabels([52, 50], 16, 160);
  expect(placed[1]).toBe(50);
  expect(placed[0]).toBe(66);
});

test('labels at the edge stay inside the plot', () => {
  expect(placeLabels([158, 160], 16, 160)).toEqual([136, 152]);
  expect(placeLabels([-3], 16, 160)).toEqual([8]);
});

test('a point between two gaps is found, a point of a line is not', () => {
  expect(lonePoints([1, null, 2, null, 3, 4, null, 0])).toEqual([0, 2, 7]);
});

test('a stretch is empty when no line has a value in it', () => {
  expect(
    emptyStretches([
      [null, null, 1, null, null],
      [null, 2, null, null, null],
    ]),
  ).toEqual([
    [0, 0],
    [3, 4],
  ]);
});
