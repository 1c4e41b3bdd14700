import { describe, expect, it } from 'vitest';
import { ExactNumber, parseJson, structured } from './exact';

/** Browsers hand a reviver the text of each number; this Node may not. */
const tells = JSON.parse('1', ((_key: string, _value: unknown, context?: { source?: string }) => context?.source) as never) === '1';

describe.runIf(tells)('a number', () => {
  it('keeps digits that would be rounded', () => {
    const { value } = parseJson('{"id":12345678901234567890,"n":1.5}')!;
    expect(value).toEqual({ id: new ExactNumber('12345678901234567890'), n: 1.5 });
  });

  it('stays what it is when it is too large or too small for a browser', () => {
    expect(parseJson('[1e400, -1e400, 1e-400]')!.value).toEqual(['1e400', '-1e400', '1e-400'].map((digits) => new ExactNumber(digits)));
  });

  it('is a plain one when nothing is lost', () => {
    expect(parseJson('[1e2, 0.10, 9007199254740991, -0]')!.value).toEqual([100, 0.1, 9007199254740991, -0]);
  });
});

it('reads JSON and nothing else', () => {
  expect(parseJson('null')).toEqual({ value: null });
  expect(parseJson('{"a":')).toBeNull();
  expect(parseJson('')).toBeNull();
});

it('has a tree for objects and lists only', () => {
  expect(['{"a":1}', ' [1]', '"text"', '12', '{broken', ''].map(structured)).toEqual([true, true, false, false, false, false]);
  expect(structured({ b64: 'AA==' })).toBe(false);
});
