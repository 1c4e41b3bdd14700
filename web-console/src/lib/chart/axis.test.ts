import { expect, test } from 'vitest';
import { axisLabels, axisSteps } from './axis';

test('all ticks of an axis are in the unit of the topmost', () => {
  expect(axisLabels([0, 500_000, 1_000_000, 1_500_000], 'bytes/s')).toEqual(['0', '0.5 MB/s', '1 MB/s', '1.5 MB/s']);
});

test('records have a prefix only when there are many', () => {
  expect(axisLabels([0, 5, 10], 'records')).toEqual(['0', '5', '10']);
  expect(axisLabels([0, 5000, 10_000], 'records')).toEqual(['0', '5 k', '10 k']);
  expect(axisLabels([0, 20], 'records/s')).toEqual(['0', '20 /s']);
});

test('durations are in milliseconds, seconds, minutes or hours', () => {
  expect(axisLabels([0, 200, 400], 'ms')).toEqual(['0', '200 ms', '400 ms']);
  expect(axisLabels([0, 30_000, 60_000], 'ms')).toEqual(['0', '0.5 min', '1 min']);
});

test('steps of a time axis are round in the clock, not in tens', () => {
  expect(axisSteps('ms')).toContain(60_000);
  expect(axisSteps('ms')).not.toContain(20_000);
  expect(axisSteps('bytes')).toContain(20_000);
});
