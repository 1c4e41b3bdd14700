import { expect, test } from 'vitest';
import { readCause, shortMember } from './cause';

const who = (text: string) => readCause(text).parts.flatMap((part) => (part.who ? [part.text] : []));

test('the member who caused it is found in the sentence', () => {
  expect(who('member kcat-7f joined')).toEqual(['kcat-7f']);
  expect(who('member console-3 left: closed its socket')).toEqual(['console-3']);
  expect(who('static member worker-2 came back as rdkafka-5')).toEqual(['worker-2']);
  expect(who('member a-1 left; member b-2 left')).toEqual(['a-1', 'b-2']);
});

test('the sentence stays whole', () => {
  for (const text of ['member a-1 left; member b-2 left: done', 'the topics have more partitions']) {
    expect(
      readCause(text)
        .parts.map((part) => part.text)
        .join(''),
    ).toBe(text);
  }
});

test('joining, leaving, silence and coming back are told apart', () => {
  expect(readCause('member a joined').kind).toBe('joined');
  expect(readCause('member a left').kind).toBe('left');
  expect(readCause('member a was not heard of for 45000 ms').kind).toBe('silent');
  expect(readCause('static member a came back as b').kind).toBe('back');
  expect(readCause('more partitions').kind).toBe('other');
});

test('a member id is told by its name and the beginning of its UUID', () => {
  expect(shortMember('kcat-two-3e6d5f19-f845-4c98-a6c0-f11858ac128b')).toBe('kcat-two-3e6d5f19…');
  expect(shortMember('worker-2')).toBe('worker-2');
});
