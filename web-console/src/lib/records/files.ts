/** Records as files: a line of JSON each, or a table. Pure. */
import { parseJson } from './exact';
import { searchable, type RecordRow } from './record';

export function ndjson(topic: string, records: readonly RecordRow[]): string {
  return records.map((record) => json(topic, record) + '\n').join('');
}

/** A record as the REST interface writes it; a value that is JSON stands as it was stored. */
export function json(topic: string, { p, o, ts, k, v, h, del }: RecordRow): string {
  const before = JSON.stringify({ t: topic, p, o, ts, k: k ?? null }).slice(0, -1);
  const after = JSON.stringify({ h: h ?? [], ...(del ? { del } : {}) }).slice(1);
  return `${before},"v":${embedded(v)},${after}`;
}

function embedded(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null);
  return parseJson(value) ? value.replaceAll(/[\r\n]+/g, ' ').trim() : JSON.stringify(value);
}

/** After RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csv(records: readonly RecordRow[]): string {
  const lines = [['partition', 'offset', 'timestamp', 'key', 'value', 'headers']];
  for (const { p, o, ts, k, v, h } of records) {
    const headers = (h ?? []).map(([name, value]) => `${name}=${searchable(value)}`).join('; ');
    lines.push([String(p), String(o), new Date(ts).toISOString(), searchable(k), searchable(v), headers]);
  }
  return lines.map((cells) => cells.map(cell).join(',') + '\r\n').join('');
}

function cell(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) && !/^-?\d/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
