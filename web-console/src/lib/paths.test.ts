import { expect, it } from 'vitest';
import { address, match, queryText } from './paths';

it('takes the named parts out of an address', () => {
  expect(match('/topics/:topic/:tab', '/topics/orders/records')).toEqual({ topic: 'orders', tab: 'records' });
  expect(match('/topics/:topic', '/topics/a%2Fb')).toEqual({ topic: 'a/b' });
});

it('fits neither other paths nor those with an empty or broken part', () => {
  expect(match('/topics/:topic', '/groups/orders')).toBeNull();
  expect(match('/topics/:topic', '/topics/')).toBeNull();
  expect(match('/topics/:topic', '/topics/%E0%A4%A')).toBeNull();
  expect(match('/topics', '/topics/orders')).toBeNull();
});

it('leaves empty parts of the query out', () => {
  expect(address(['topics', 'a b'], { q: 'x', p: null })).toBe('/topics/a%20b?q=x');
  expect(queryText(new URLSearchParams('q=1&sort=name'), { q: '', p: '0,1' })).toBe('?sort=name&p=0,1');
});
