import { expect, it } from 'vitest';
import { readPlace, writePlace } from './places';

it.each(['latest', 'earliest', 'end-100', '118', 'age:15m', 'ts:2026-11-20T10:00:00.000Z'])('reads %s and writes it the same', (text) => {
  const place = readPlace(text);
  expect(place && writePlace(place)).toBe(text);
});

it('knows what is no place', () => {
  expect(['', 'end', 'end-', '-1', 'age:15', 'ts:yesterday', 'commit'].map(readPlace)).toEqual(Array(7).fill(null));
});
