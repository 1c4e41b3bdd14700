/** What the browser remembers for this person; where it may not, nothing is remembered. Stateless. */
const PREFIX = 'millrace.';

export function remembered<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A private window or a full store: the choice lasts as long as the page.
  }
}
