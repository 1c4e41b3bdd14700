/** Which rows of a long list are drawn. Pure. */
const OVERSCAN = 6;

export type Slice = { first: number; last: number };

/** Rows from first up to last, without last. */
export function slice(top: number, height: number, row: number, count: number): Slice {
  const first = Math.max(0, Math.min(count, Math.floor(top / row)) - OVERSCAN);
  const last = Math.min(count, Math.ceil((top + height) / row) + OVERSCAN);
  return { first, last: Math.max(first, last) };
}

/** Where to scroll so that a row is seen whole; null when it is. */
export function reveal(index: number, top: number, height: number, row: number, header: number): number | null {
  const start = index * row;
  if (start < top) return start;
  if (start + row > top + height - header) return start + row - height + header;
  return null;
}
