import { expect, test } from 'vitest';
import { best, marked, match } from './match';

const topics = ['orders', 'payments', 'reorder-levels', 'customer.orders.v2', 'o-r-d'];

test('a text that begins with what was typed comes first, then beginnings of words', () => {
  const found = best('ord', topics, (topic) => topic, 10).map((hit) => hit.item);
  expect(found.slice(0, 2)).toEqual(['orders', 'customer.orders.v2']);
});

test('letters may be strewn but keep their order', () => {
  expect(match('pmt', 'payments')).not.toBeNull();
  expect(match('tmp', 'payments')).toBeNull();
});

test('words may be typed in any order', () => {
  expect(match('topic create', 'Create topic')).not.toBeNull();
});

test('the letters that were found are marked', () => {
  expect(marked('orders', match('der', 'orders')!.at)).toEqual([
    { text: 'or', found: false },
    { text: 'der', found: true },
    { text: 's', found: false },
  ]);
});

test('nothing typed keeps the order of the items', () => {
  expect(best('', topics, (topic) => topic, 2).map((hit) => hit.item)).toEqual(['orders', 'payments']);
});

test('the one name that is meant is found among ten thousand', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `team-${index % 90}.events.topic-${index}`);
  expect(best('topic 9999', many, (name) => name, 12)[0]!.item).toBe('team-9.events.topic-9999');
});

test('two letters that are strewn about, or many at random, are no match', () => {
  expect(match('or', 'overview')).toBeNull();
  expect(match('ept', 'speak to it')).toBeNull();
});
