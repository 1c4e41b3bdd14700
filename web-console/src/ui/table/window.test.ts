import { expect, it } from 'vitest';
import { reveal, slice } from './window';

it('draws what is seen and a few rows around it', () => {
  expect(slice(0, 320, 32, 10_000)).toEqual({ first: 0, last: 16 });
  expect(slice(3200, 320, 32, 10_000)).toEqual({ first: 94, last: 116 });
  expect(slice(0, 320, 32, 3)).toEqual({ first: 0, last: 3 });
});

it('draws nothing beyond the end of a list that became shorter', () => {
  expect(slice(3200, 320, 32, 2)).toEqual({ first: 0, last: 2 });
});

it('scrolls no further than it takes to see a row', () => {
  expect(reveal(5, 0, 352, 32, 32)).toBeNull();
  expect(reveal(10, 0, 352, 32, 32)).toBe(32);
  expect(reveal(2, 320, 352, 32, 32)).toBe(64);
});
