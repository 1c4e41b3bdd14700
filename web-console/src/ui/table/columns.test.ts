import { describe, expect, it } from 'vitest';
import { filtered, readOrder, shown, sorted, writeOrder, type Column } from './columns';

type Row = { name: string; lag: number | null };
const rows: Row[] = [
  { name: 'part-10', lag: 3 },
  { name: 'part-9', lag: null },
  { name: 'Part-1', lag: 7 },
];
const columns: Column<Row>[] = [
  { id: 'name', title: 'Name', width: '1fr', sort: (row) => row.name, fixed: true },
  { id: 'lag', title: 'Lag', width: '80px', sort: (row) => row.lag, from: 600 },
  { id: 'id', title: 'Id', width: '80px', optional: true },
];
const names = (list: readonly Row[]) => list.map((row) => row.name);

describe('order', () => {
  it('compares numbers inside names as numbers', () => {
    expect(names(sorted(rows, columns, { id: 'name', down: false }))).toEqual(['Part-1', 'part-9', 'part-10']);
  });

  it('puts what is unknown last, both ways', () => {
    expect(names(sorted(rows, columns, { id: 'lag', down: true }))).toEqual(['Part-1', 'part-10', 'part-9']);
    expect(names(sorted(rows, columns, { id: 'lag', down: false }))).toEqual(['part-10', 'Part-1', 'part-9']);
  });

  it('leaves rows alone for a column that there is not', () => {
    expect(sorted(rows, columns, { id: 'colour', down: true })).toBe(rows);
  });

  it('is a word in the address', () => {
    expect(readOrder('-lag')).toEqual({ id: 'lag', down: true });
    expect(readOrder('')).toBeNull();
    expect(writeOrder({ id: 'lag', down: true })).toBe('-lag');
  });
});

it('keeps rows that have every word of the filter, in any case and order', () => {
  expect(names(filtered(rows, (row) => row.name, '1 PART'))).toEqual(['part-10', 'Part-1']);
});

it('shows a column when it is chosen and there is room', () => {
  const ids = (chosen: Record<string, boolean>, width: number) => shown(columns, chosen, width).map(({ id }) => id);
  expect(ids({}, 800)).toEqual(['name', 'lag']);
  expect(ids({}, 400)).toEqual(['name']);
  expect(ids({ id: true, lag: false, name: false }, 800)).toEqual(['name', 'id']);
});
