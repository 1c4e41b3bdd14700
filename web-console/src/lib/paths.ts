/** Paths of pages and how an address is matched with them. Pure. */
export type Params = Record<string, string>;

/** The parts of a path that a pattern like /topics/:topic names, or null when it does not fit. */
export function match(pattern: string, path: string): Params | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Params = {};
  for (const [i, part] of wanted.entries()) {
    const text = given[i] ?? '';
    if (!part.startsWith(':')) {
      if (part !== text) return null;
      continue;
    }
    if (text === '') return null;
    try {
      params[part.slice(1)] = decodeURIComponent(text);
    } catch {
      return null;
    }
  }
  return params;
}

/** The address of a page; empty parts of the query are left out. */
export function address(segments: (string | number)[], query: Record<string, string | null> = {}): string {
  const path = '/' + segments.map((segment) => encodeURIComponent(segment)).join('/');
  return path + queryText(new URLSearchParams(), query);
}

/** A query with some parts changed; null or empty takes a part away. */
export function queryText(query: URLSearchParams, changes: Record<string, string | null>): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}
