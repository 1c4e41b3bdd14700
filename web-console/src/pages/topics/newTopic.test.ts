import { expect, it } from 'vitest';
import { readSettings, topicName } from './newTopic';

it('knows the names that a topic may have', () => {
  expect(['orders', 'a.b_c-1', 'x'.repeat(249)].every(topicName)).toBe(true);
  expect(['', '.', '..', 'a b', '주문', 'x'.repeat(250)].some(topicName)).toBe(false);
});

it('reads settings by lines and names the first that is none', () => {
  expect(readSettings('a.b = 1\n\nc=x=y')).toEqual({ values: { 'a.b': '1', c: 'x=y' }, bad: null });
  expect(readSettings('a=1\nnonsense').bad).toBe('nonsense');
});
