import { expect, it } from 'vitest';
import { csv, ndjson } from './files';
import type { RecordRow } from './record';

const records: RecordRow[] = [
  { kind: 'record', p: 0, o: 7, ts: 0, k: 'a', v: '{"n":1}', h: [['region', 'eu']] },
  { kind: 'record', p: 1, o: 8, ts: 1, k: null, v: null, del: true },
  { kind: 'record', p: 1, o: 9, ts: 2, k: '=HYPERLINK("x")', v: '-5' },
];

it('writes a line of JSON for each record', () => {
  const lines = ndjson('orders', records).trimEnd().split('\n').map((line) => JSON.parse(line));
  expect(lines[0]).toEqual({ t: 'orders', p: 0, o: 7, ts: 0, k: 'a', v: { n: 1 }, h: [['region', 'eu']] });
  expect(lines[1].del).toBe(true);
});

it('keeps the digits of a value that is JSON, on one line', () => {
  const large: RecordRow = { kind: 'record', p: 0, o: 7, ts: 0, k: null, v: '{\n "id": 12345678901234567890}' };
  expect(ndjson('orders', [large])).toBe('{"t":"orders","p":0,"o":7,"ts":0,"k":null,"v":{  "id": 12345678901234567890},"h":[]}\n');
});

it('writes a table that a spreadsheet reads and does not run', () => {
  const lines = csv(records).split('\r\n');
  expect(lines[0]).toBe('partition,offset,timestamp,key,value,headers');
  expect(lines[1]).toBe('0,7,1970-01-01T00:00:00.000Z,a,"{""n"":1}",region=eu');
  expect(lines[3]).toBe(`1,9,1970-01-01T00:00:00.002Z,"'=HYPERLINK(""x"")",-5,`);
});
