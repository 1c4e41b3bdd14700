import { expect, test } from 'vitest';
import {
  localTime,
  moved,
  partitionsOf,
  readChosen,
  resetForm,
  resetTarget,
  resetTopics,
  writeChosen,
  type Chosen,
  type ResetForm,
} from './reset';

const blank: ResetForm = { kind: 'latest', time: '', age: '', offset: '', shift: '' };

test('each way to set offsets has the word that the broker reads', () => {
  expect(resetTarget({ ...blank, kind: 'earliest' })).toEqual({ to: 'earliest' });
  expect(resetTarget({ ...blank, kind: 'latest' })).toEqual({ to: 'latest' });
  expect(resetTarget({ ...blank, kind: 'age', age: ' 15m ' })).toEqual({ to: 'age:15m' });
  expect(resetTarget({ ...blank, kind: 'offset', offset: '120' })).toEqual({ to: '120' });
  expect(resetTarget({ ...blank, kind: 'shift', shift: '-10' })).toEqual({ to: 'shift:-10' });
  expect(resetTarget({ ...blank, kind: 'shift', shift: '+10' })).toEqual({ to: 'shift:10' });
});

test('a time is sent in UTC whatever the zone of the viewer', () => {
  const at = new Date('2026-11-20T10:00:00Z');
  expect(resetTarget({ ...blank, kind: 'time', time: localTime(at) })).toEqual({
    to: 'ts:2026-11-20T10:00:00Z',
  });
});

test('what cannot be read is a fault of its own field', () => {
  expect(resetTarget({ ...blank, kind: 'time', time: 'soon' })).toEqual({ fault: 'time' });
  expect(resetTarget({ ...blank, kind: 'age', age: '15 minutes' })).toEqual({ fault: 'age' });
  expect(resetTarget({ ...blank, kind: 'offset', offset: '-1' })).toEqual({ fault: 'offset' });
  expect(resetTarget({ ...blank, kind: 'shift', shift: '0' })).toEqual({ fault: 'shift' });
});

test('the form comes back from the target in the address', () => {
  for (const to of ['earliest', 'latest', 'ts:2026-11-20T10:00:00Z', 'age:2h', '42', 'shift:-7']) {
    expect(resetTarget(resetForm(to))).toEqual({ to });
  }
});

test('whole topics are sent by name, parts of them by partition', () => {
  const all = { orders: [0, 1, 2], bills: [0] };
  expect(resetTopics({ orders: [0, 1, 2] }, all)).toEqual(['orders']);
  expect(resetTopics({ orders: [2, 0], bills: [] }, all)).toEqual({ orders: [0, 2] });
});

test('what is chosen is a part of the address, and all of it is not', () => {
  const all = { bills: [0], orders: [0, 1, 2] };
  expect(writeChosen(all, all)).toBeNull();
  const choices: Chosen[] = [{ orders: [0, 2] }, { bills: [0], orders: [1] }, {}];
  for (const chosen of choices) {
    expect(readChosen(writeChosen(chosen, all)!)).toEqual(chosen);
  }
  expect(readChosen('')).toBeNull();
});

test('a group has the partitions that it committed in and those that its members hold', () => {
  const offsets = [
    { topic: 'orders', partition: 2 },
    { topic: 'orders', partition: 0 },
  ];
  expect(partitionsOf(offsets, [{ assigned: { orders: [0, 1], bills: [0] } }])).toEqual({
    bills: [0],
    orders: [0, 1, 2],
  });
});

test('records read again and records skipped are told apart', () => {
  const offsets = [
    { before: 100, after: 40 },
    { before: 10, after: 15 },
    { before: null, after: 7 },
  ];
  expect(moved(offsets)).toEqual({ back: 60, forward: 5 });
});
