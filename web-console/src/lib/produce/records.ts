/** Records to be produced, as people write them. Pure. */

/** As the REST interface takes it: a string is its UTF-8, bytes are base64, null is a tombstone. */
export type NewRecord = {
  k: string | null;
  v: string | { b64: string } | null;
  h?: [string, string][];
  p?: number;
};

export type Separator = 'none' | 'tab' | 'colon';

const CHARS: Record<Separator, string> = { none: '', tab: '\t', colon: ':' };

/** A record for each line that is not empty; the key ends at the first separator. */
export function fromLines(text: string, separator: Separator, partition: number | null): NewRecord[] {
  const records: NewRecord[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const mark = CHARS[separator];
    const at = mark === '' ? -1 : line.indexOf(mark);
    records.push({
      k: at < 0 ? null : line.slice(0, at),
      v: at < 0 ? line : line.slice(at + 1),
      ...(partition === null ? {} : { p: partition }),
    });
  }
  return records;
}

/** What is wrong with a text that should be JSON; null when nothing is. */
export function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}

export function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replaceAll(/\s/g, ''));
}

/** Whether a text is meant to be JSON: it begins as an object or a list does. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** Parts of at most so many records and characters, since a request has a limit. */
export function parts(records: NewRecord[], countMax: number, charsMax: number): NewRecord[][] {
  const all: NewRecord[][] = [];
  let part: NewRecord[] = [];
  let chars = 0;
  for (const record of records) {
    const length = (record.k?.length ?? 0) + (typeof record.v === 'string' ? record.v.length : (record.v?.b64.length ?? 0));
    if (part.length > 0 && (part.length >= countMax || chars + length > charsMax)) {
      all.push(part);
      part = [];
      chars = 0;
    }
    part.push(record);
    chars += length;
  }
  if (part.length > 0) all.push(part);
  return all;
}
