import { describe, expect, it } from 'vitest';
import { bytesOf, hexDump, line, marks, matcher, pretty, visible, type RecordRow } from './record';

const order: RecordRow = { kind: 'record', p: 0, o: 1, ts: 0, k: 'c-17', v: { total: 120, city: '서울' }, h: [['region', 'EU']] };

describe('a value', () => {
  it('is on one line in the list, and not endless', () => {
    expect(line({ a: [1, 2] })).toBe('{"a":[1,2]}');
    expect(line('two\n  lines')).toBe('two lines');
    expect(line('x'.repeat(10_000)).length).toBe(500);
    expect(line({ b64: 'AAEC' })).toBe('00 01 02');
    expect(line(null)).toBe('');
  });

  it('is indented where there is room', () => expect(pretty({ a: 1 })).toBe('{\n  "a": 1\n}'));

  it('is bytes only in the form that the broker gives them', () => {
    expect(bytesOf({ b64: '/w==' })).toEqual(Uint8Array.of(255));
    expect(bytesOf({ b64: '/w==', more: 1 })).toBeNull();
    expect(bytesOf({ b64: 'not base64!' })).toBeNull();
    expect(bytesOf('b64')).toBeNull();
  });
});

describe('a text', () => {
  it('shows the marks that would turn its direction', () => {
    expect(visible('pay \u202e001\u202c')).toBe('pay \\u202e001\\u202c');
    expect(visible('\u061c\u200e\u200f\u2066\u2069')).toBe('\\u061c\\u200e\\u200f\\u2066\\u2069');
  });

  it('stays as it is in every script', () => expect(visible('서울 שלום \u200d')).toBe('서울 שלום \u200d'));
});

describe('a filter', () => {
  const passes = (key: string, text: string) => matcher({ key, text })(order);

  it('finds text in value, key and headers, in any case', () => {
    expect([passes('', 'TOTAL'), passes('', '서울'), passes('', 'c-17'), passes('', 'region: eu')]).toEqual([true, true, true, true]);
    expect(passes('', 'berlin')).toBe(false);
  });

  it('takes key and text together', () => {
    expect(passes('c-1', 'total')).toBe(true);
    expect(passes('c-2', 'total')).toBe(false);
  });

  it('never hides a gap', () => {
    expect(matcher({ key: 'x', text: 'y' })({ kind: 'gap', p: 0, from: 1, to: 2, why: 'retention' })).toBe(true);
  });
});

it('marks every place where the text is found', () => {
  expect(marks('abcABC', 'bc')).toEqual([
    { text: 'a', found: false },
    { text: 'bc', found: true },
    { text: 'A', found: false },
    { text: 'BC', found: true },
  ]);
  expect(marks('abc', '')).toEqual([{ text: 'abc', found: false }]);
});

it('dumps bytes in lines of 16, up to a bound', () => {
  const bytes = new TextEncoder().encode('0123456789abcdef\n!');
  expect(hexDump(bytes, 10)).toEqual([
    { at: '000000', hex: '30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66', text: '0123456789abcdef' },
    { at: '000010', hex: '0a 21', text: '·!' },
  ]);
  expect(hexDump(bytes, 1)).toHaveLength(1);
});
