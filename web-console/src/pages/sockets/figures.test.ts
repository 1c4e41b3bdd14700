import { expect, test } from 'vitest';
import type { Socket, Subscription } from '../../lib/operations';
import { browserOf, creditOf, isSpent, lagOf, topicsOf } from './figures';

const sub = (values: Partial<Subscription>): Subscription => ({
  sub: 1,
  mode: 'read',
  topics: ['orders'],
  credit: null,
  lag: null,
  onLag: 'wait',
  paused: false,
  ...values,
});
const socket = (...subscriptions: Subscription[]) => ({ subscriptions }) as Socket;

test('the lag of a session is that of its slowest subscription', () => {
  expect(lagOf(socket(sub({ lag: { n: 3, ms: 1 } }), sub({ lag: { n: 40, ms: 350 } }), sub({})))).toEqual({
    n: 40,
    ms: 350,
  });
  expect(lagOf(socket())).toBeNull();
});

test('the credit of a session is the one that stops first, in records or in bytes', () => {
  const few = { n: 2, bytes: 262_144 };
  const small = { n: 256, bytes: -1200 };
  expect(creditOf(socket(sub({ credit: few }), sub({ credit: small })))).toBe(small);
  expect(isSpent(small)).toBe(true);
  expect(isSpent(few)).toBe(false);
  expect(isSpent(null)).toBe(false);
});

test('a topic that is read twice is told once', () => {
  expect(topicsOf(socket(sub({}), sub({ topics: ['orders', 'bills'] })))).toEqual(['orders', 'bills']);
});

test('browsers are known by name, others by what they say', () => {
  expect(browserOf('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36')).toBe(
    'Chrome 156',
  );
  expect(browserOf('Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1')).toBe(
    'Safari 19',
  );
  expect(browserOf('curl/8.14.1')).toBe('curl/8.14.1');
  expect(browserOf(null)).toBe('–');
});
