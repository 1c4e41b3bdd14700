import { expect, it } from 'vitest';
import { curl, quote, tool } from './commands';

it('quotes only what the shell would take apart', () => {
  expect(quote('orders-1.eu')).toBe('orders-1.eu');
  expect(quote('two words')).toBe("'two words'");
  expect(quote("it's")).toBe(`'it'\\''s'`);
  expect(quote('')).toBe("''");
});

it('writes a call with its body', () => {
  expect(curl('http://localhost:8080', 'GET', '/api/v1/topics')).toBe('curl -s http://localhost:8080/api/v1/topics');
  expect(curl('http://h', 'POST', '/t', { a: "b'c" })).toBe(
    `curl -s -X POST http://h/t -H 'content-type: application/json' -d '{"a":"b'\\''c"}'`,
  );
});

it('leaves out options that are not set and repeats those with many values', () => {
  expect(tool('bin/kafka-topics.sh', { create: true, topic: 'a b', partitions: null, config: ['x=1', 'y=2'] })).toBe(
    "bin/kafka-topics.sh --create --topic 'a b' --config x=1 --config y=2",
  );
});
