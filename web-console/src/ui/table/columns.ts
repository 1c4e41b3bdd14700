/** Columns of a list, its order and its filter. Pure. */

export type Column<Row> = {
  id: string;
  title: string;
  /** What the column is sorted by; null comes last. */
  sort?: (row: Row) => number | string | boolean | null | undefined;
  /** A track of the grid: `80px`, `minmax(160px, 2fr)`. */
  width: string;
  /** Numbers stand at the right, and sort from the largest first. */
  numeric?: boolean;
  mono?: boolean;
  /** Left out where the list is narrower than this, in pixels. */
  from?: number;
  /** Shown only when it is chosen. */
  optional?: boolean;
  /** Always shown. */
  fixed?: boolean;
  hint?: string;
};

export type Order = { id: string; down: boolean };

/** `name`, or `-size` for the largest first. */
export function readOrder(text: string): Order | null {
  if (text === '') return null;
  return text.startsWith('-') ? { id: text.slice(1), down: true } : { id: text, down: false };
}

export function writeOrder(order: Order): string {
  return (order.down ? '-' : '') + order.id;
}

/** A text whose plain order is that of people: in any case, numbers by their value. A collator takes ten times as long. */
function sortable(key: number | string | boolean | null | undefined): number | string | null {
  if (typeof key !== 'string') return key === null || key === undefined ? null : Number(key);
  return key.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(16, '0'));
}

/** The rows in order; equal ones keep theirs. */
export function sorted<Row>(rows: readonly Row[], columns: Column<Row>[], order: Order | null): readonly Row[] {
  const by = columns.find((column) => column.id === order?.id)?.sort;
  if (!by || !order) return rows;
  const keyed = rows.map((row) => ({ row, key: sortable(by(row)) }));
  const sign = order.down ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    return a.key < b.key ? -sign : a.key > b.key ? sign : 0;
  });
  return keyed.map(({ row }) => row);
}

/** Rows whose text has every word of the filter. */
export function filtered<Row>(rows: readonly Row[], text: (row: Row) => string, filter: string): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const all = text(row).toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** The columns that are shown: chosen, and with room. */
export function shown<Row>(columns: Column<Row>[], chosen: Record<string, boolean>, width: number): Column<Row>[] {
  return columns.filter((column) => {
    if (column.fixed) return true;
    const choice = chosen[column.id];
    if (choice !== undefined && !choice) return false;
    if (choice === undefined && column.optional) return false;
    return width === 0 || (column.from ?? 0) <= width;
  });
}
