import { expect, test } from 'vitest';
import type { BrokerEvent } from '../../lib/operations';
import { kindsOf, shownEvents } from './filter';

const event = (seq: number, kind: string, level: BrokerEvent['level'], text: string): BrokerEvent => ({
  seq,
  atMs: seq * 1000,
  kind,
  level,
  text,
  broker: 1,
});
const events = [
  event(1, 'broker.started', 'info', 'Broker 1 started'),
  event(2, 'group.created', 'info', 'Group billing was created'),
  event(3, 'group.rebalance', 'info', 'Group billing rebalanced'),
  event(4, 'request.refused', 'warn', 'PRODUCE was refused'),
  event(5, 'disk', 'bad', 'Disk /srv is offline'),
];
const all = { text: '', kind: '', level: '' };
const seqs = (filter: Partial<typeof all>) => shownEvents(events, { ...all, ...filter }).map(({ seq }) => seq);

test('the newest event comes first', () => {
  expect(seqs({})).toEqual([5, 4, 3, 2, 1]);
});

test('a level shows what is at least so grave', () => {
  expect(seqs({ level: 'warn' })).toEqual([5, 4]);
  expect(seqs({ level: 'bad' })).toEqual([5]);
});

test('a kind or a whole family of kinds is shown alone', () => {
  expect(seqs({ kind: 'group.rebalance' })).toEqual([3]);
  expect(seqs({ kind: 'group' })).toEqual([3, 2]);
});

test('every word of the text is looked for', () => {
  expect(seqs({ text: 'billing group' })).toEqual([3, 2]);
  expect(seqs({ text: 'refused' })).toEqual([4]);
});

test('a family is offered when it has more than one kind', () => {
  expect(kindsOf(events)).toEqual([
    'broker.started',
    'disk',
    'group',
    'group.created',
    'group.rebalance',
    'request.refused',
  ]);
});
