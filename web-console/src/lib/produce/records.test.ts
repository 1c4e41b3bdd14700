import { expect, it } from 'vitest';
import { fromLines, isBase64, jsonFault, parts } from './records';

it('makes a record of each line that is not empty', () => {
  expect(fromLines('a\r\n\nb', 'none', null)).toEqual([
    { k: null, v: 'a' },
    { k: null, v: 'b' },
  ]);
});

it('ends the key at the first separator', () => {
  expect(fromLines('c-1:{"a":1}', 'colon', 2)).toEqual([{ k: 'c-1', v: '{"a":1}', p: 2 }]);
  expect(fromLines('no separator', 'tab', null)).toEqual([{ k: null, v: 'no separator' }]);
});

it('keeps parts within the limits, and a record that is alone too large in a part of its own', () => {
  const record = (length: number) => ({ k: null, v: 'x'.repeat(length) });
  expect(parts([record(1), record(1), record(1)], 2, 100).map((part) => part.length)).toEqual([2, 1]);
  expect(parts([record(200), record(1)], 10, 100).map((part) => part.length)).toEqual([1, 1]);
});

it('knows JSON and base64', () => {
  expect(jsonFault('{"a":1}')).toBeNull();
  expect(jsonFault('{"a":')).not.toBeNull();
  expect([isBase64('AAEC'), isBase64('/w=='), isBase64('A'), isBase64('å===')]).toEqual([true, true, false, false]);
});
