/** Records as the console shows them. Pure. */
import type { WireRecord } from '../types';

export type RecordRow = WireRecord & { kind: 'record' };

/** Offsets that are not there any more, or were jumped over. */
export type GapRow = { kind: 'gap'; p: number; from: number; to: number; why: string };

export type Row = RecordRow | GapRow;

const LINE_MAX = 500;

/** Bytes that are no text. */
export function bytesOf(value: unknown): Uint8Array | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const keys = Object.keys(value);
  const b64 = (value as { b64?: unknown }).b64;
  if (keys.length !== 1 || typeof b64 !== 'string') return null;
  try {
    return Uint8Array.from(atob(b64), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

/** As text on many lines: JSON indented, bytes in base64. */
export function pretty(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  const bytes = bytesOf(value);
  return bytes ? (value as { b64: string }).b64 : JSON.stringify(value, null, 2);
}

/** As text on one line, not longer than a screen is wide. */
export function line(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.slice(0, LINE_MAX).replaceAll(/\s+/g, ' ');
  const bytes = bytesOf(value);
  return bytes ? hexLine(bytes) : JSON.stringify(value).slice(0, LINE_MAX);
}

function hexLine(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 64), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** What a search looks at. */
export function searchable(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The bytes of a value as far as its JSON form tells them. */
export function toBytes(value: unknown): Uint8Array {
  if (value === undefined || value === null) return new Uint8Array();
  return bytesOf(value) ?? new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

export type Filter = { key: string; text: string };

/** Whether a record passes; without words all do. Gaps always pass. */
export function matcher({ key, text }: Filter): (row: Row) => boolean {
  const wantedKey = key.toLowerCase();
  const wantedText = text.toLowerCase();
  return (row) => {
    if (row.kind === 'gap') return true;
    if (wantedKey !== '' && !searchable(row.k).toLowerCase().includes(wantedKey)) return false;
    if (wantedText === '') return true;
    return (
      searchable(row.v).toLowerCase().includes(wantedText) ||
      searchable(row.k).toLowerCase().includes(wantedText) ||
      (row.h ?? []).some(([name, value]) => `${name}: ${searchable(value)}`.toLowerCase().includes(wantedText))
    );
  };
}

const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text whose marks of direction are seen, as JSON escapes them: unseen, they show what stands behind them in another order. */
export function visible(text: string): string {
  return text.replaceAll(DIRECTION, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Parts of a text, each found or not. */
export function marks(text: string, wanted: string): { text: string; found: boolean }[] {
  if (wanted === '') return [{ text, found: false }];
  const parts: { text: string; found: boolean }[] = [];
  const lower = text.toLowerCase();
  const needle = wanted.toLowerCase();
  let at = 0;
  // Letters whose lower case has another length would move the marks.
  if (lower.length !== text.length) return [{ text, found: false }];
  for (let next = lower.indexOf(needle); next >= 0; next = lower.indexOf(needle, at)) {
    if (next > at) parts.push({ text: text.slice(at, next), found: false });
    parts.push({ text: text.slice(next, next + needle.length), found: true });
    at = next + needle.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), found: false });
  return parts;
}

export const place = (row: { p: number; o: number }) => `${row.p}:${row.o}`;

/** Bytes in lines of 16: where, hexadecimal, and what of it is ASCII. */
export function hexDump(bytes: Uint8Array, lines: number): { at: string; hex: string; text: string }[] {
  const dump = [];
  for (let at = 0; at < bytes.length && dump.length < lines; at += 16) {
    const part = Array.from(bytes.subarray(at, at + 16));
    dump.push({
      at: at.toString(16).padStart(6, '0'),
      hex: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join(''),
    });
  }
  return dump;
}
