/** Where reading begins, in the words of the broker. Pure. */
export type Place =
  | { kind: 'latest' | 'earliest' }
  | { kind: 'end'; count: number }
  | { kind: 'offset'; offset: number }
  | { kind: 'time'; ms: number }
  | { kind: 'age'; age: string };

export function readPlace(text: string): Place | null {
  if (text === 'latest' || text === 'earliest') return { kind: text };
  let found = /^end-(\d{1,9})$/.exec(text);
  if (found) return { kind: 'end', count: Number(found[1]) };
  found = /^(\d{1,16})$/.exec(text);
  if (found) return { kind: 'offset', offset: Number(found[1]) };
  found = /^age:(\d{1,9}(?:ms|s|m|h|d))$/.exec(text);
  if (found?.[1]) return { kind: 'age', age: found[1] };
  if (!text.startsWith('ts:')) return null;
  const ms = Date.parse(text.slice(3));
  return Number.isNaN(ms) ? null : { kind: 'time', ms };
}

export function writePlace(place: Place): string {
  switch (place.kind) {
    case 'end':
      return `end-${place.count}`;
    case 'offset':
      return String(place.offset);
    case 'time':
      return `ts:${new Date(place.ms).toISOString()}`;
    case 'age':
      return `age:${place.age}`;
    default:
      return place.kind;
  }
}

/** A time as a field of the browser takes it, in the viewer's zone. */
export function toField(ms: number): string {
  const at = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 19);
}
