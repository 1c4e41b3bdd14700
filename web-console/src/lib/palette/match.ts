/** How well a text answers what was typed, and which of its letters did. */
export type Match = {
  score: number;
  /** Indexes into the text, ascending. */
  at: number[];
};

/** A word shorter than this is looked for as it is: two letters are strewn over almost any text. */
const STREWN_LETTERS = 3;

/**
 * Finds the letters of `typed` in `text`, in order, words of `typed` in any order. Beginnings of
 * words and runs of letters count more than letters strewn about; short texts more than long ones.
 */
export function match(typed: string, text: string): Match | null {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = text.toLowerCase();
  const at = new Set<number>();
  let score = 0;
  for (const word of words) {
    const found = matchWord(word, lower);
    if (!found) {
      return null;
    }
    score += found.score;
    found.at.forEach((index) => at.add(index));
  }
  return { score: score - text.length / 100, at: [...at].sort((a, b) => a - b) };
}

function matchWord(word: string, text: string): Match | null {
  const whole = wholeAt(word, text);
  if (whole >= 0) {
    const at = Array.from({ length: word.length }, (_, index) => whole + index);
    return { score: word.length * 4 + (whole === 0 ? 6 : startsWord(text, whole) ? 4 : 0), at };
  }
  if (word.length < STREWN_LETTERS) return null;
  const at: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of word) {
    const index = text.indexOf(letter, from);
    if (index < 0) {
      return null;
    }
    score += startsWord(text, index) ? 3 : at.at(-1) === index - 1 ? 2 : 0;
    at.push(index);
    from = index + 1;
  }
  return score >= word.length ? { score, at } : null;
}

/** Where a word stands as it is, at the beginning of a word if it does so anywhere. */
function wholeAt(word: string, text: string): number {
  let first = -1;
  for (let index = text.indexOf(word); index >= 0; index = text.indexOf(word, index + 1)) {
    if (startsWord(text, index)) {
      return index;
    }
    if (first < 0) {
      first = index;
    }
  }
  return first;
}

function startsWord(text: string, index: number): boolean {
  return index === 0 || /[\s._\-/:]/.test(text[index - 1]!);
}

/** A text cut into parts that were found and parts that were not. */
export function marked(text: string, at: readonly number[]): { text: string; found: boolean }[] {
  const found = new Set(at);
  const parts: { text: string; found: boolean }[] = [];
  for (let index = 0; index < text.length; index++) {
    const last = parts.at(-1);
    if (last && last.found === found.has(index)) {
      last.text += text[index];
    } else {
      parts.push({ text: text[index]!, found: found.has(index) });
    }
  }
  return parts;
}

/** The best `limit` of many, best first; in their own order when nothing is typed. */
export function best<T>(typed: string, items: readonly T[], textOf: (item: T) => string, limit: number) {
  if (typed.trim() === '') {
    return items.slice(0, limit).map((item) => ({ item, at: [] as number[] }));
  }
  const hits: { item: T; at: number[]; score: number }[] = [];
  for (const item of items) {
    const hit = match(typed, textOf(item));
    if (hit) {
      hits.push({ item, ...hit });
    }
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, limit);
}
