import { expect, test } from 'vitest';
import { dictionaries } from './dictionaries';

/** Every text by its path; functions are called with letters, so that what they say can be looked at. */
function textsOf(node: unknown, path = ''): [string, string][] {
  if (typeof node === 'string') return [[path, node]];
  if (typeof node === 'function') {
    const words = Array.from({ length: node.length }, (_, index) => String.fromCharCode(0x58 + index));
    return [[path, String(node(...words))]];
  }
  return Object.entries(node as object).flatMap(([name, inner]) => textsOf(inner, path ? `${path}.${name}` : name));
}

const english = textsOf(dictionaries.en);
const korean = textsOf(dictionaries.ko);

test('both languages have the same texts', () => {
  expect(korean.map(([path]) => path).sort()).toEqual(english.map(([path]) => path).sort());
});

test('no text is empty', () => {
  expect([...english, ...korean].filter(([, text]) => text.trim() === '')).toEqual([]);
});

test('a text says all that it is given, in both languages', () => {
  const given = (text: string) => ['X', 'Y', 'Z'].filter((letter) => new RegExp(`\\b${letter}|${letter}\\b`).test(text));
  const inEnglish = new Map(english);
  const told = korean.filter(([path, text]) => given(inEnglish.get(path)!).some((letter) => !text.includes(letter)));
  expect(told).toEqual([]);
});

test('Korean sentences are Korean', () => {
  const sentences = korean.filter(([, text]) => text.length > 40);
  expect(sentences.filter(([, text]) => !/[가-힣]/.test(text))).toEqual([]);
});
