/** JSON as it stands: numbers that a browser would round keep their digits. Pure. */

/** A number by its digits. */
export class ExactNumber {
  constructor(readonly digits: string) {}

  toString(): string {
    return this.digits;
  }
}

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const keep: Reviver = (_key, value, context) => {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return rounds(context.source, value) ? new ExactNumber(context.source) : value;
};

/** Whether a number is not what its digits say: 1e2 is, 12345678901234567890 is not, nor are 1e400 and 1e-400. */
function rounds(source: string, value: number): boolean {
  if (String(value) === source) return false;
  const digits = source.replace(/[eE].*$/, '').replace(/[-.]/g, '').replace(/^0+/, '').length;
  return digits > 15 || !Number.isFinite(value) || (value === 0 && digits > 0);
}

/** The value of a text that is JSON, in a box; null of any other text. */
export function parseJson(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text, keep as (key: string, value: unknown) => unknown) };
  } catch {
    return null;
  }
}

/** Whether a text is a JSON object or list: what is worth a tree. */
export function structured(value: unknown): boolean {
  return typeof value === 'string' && /^\s*[{[]/.test(value) && parseJson(value) !== null;
}
