/** A member id for people: of the UUID that clients and brokers add to a name, the first eight digits. */
export function shortMember(id: string): string {
  return id.replace(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, '$1…');
}

/** What kind of thing set a rebalance off. */
export type CauseKind = 'joined' | 'left' | 'silent' | 'back' | 'other';

export type Cause = {
  kind: CauseKind;
  /** The sentence of the coordinator, with the members in it apart. */
  parts: { text: string; who: boolean }[];
};

const WHO = /\bmember (\S*[^\s:;,])/g;

/** Reads the cause of a rebalance as the coordinator writes it: "member console-3 left: closed its socket". */
export function readCause(text: string): Cause {
  const parts: Cause['parts'] = [];
  let end = 0;
  for (const found of text.matchAll(WHO)) {
    const start = found.index + found[0].length - found[1]!.length;
    parts.push({ text: text.slice(end, start), who: false }, { text: found[1]!, who: true });
    end = start + found[1]!.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), who: false });
  return { kind: kindOf(text), parts };
}

function kindOf(text: string): CauseKind {
  if (/\bcame back\b/.test(text)) return 'back';
  if (/\bnot heard of\b/.test(text)) return 'silent';
  if (/\bleft\b/.test(text)) return 'left';
  return /\bjoined\b/.test(text) ? 'joined' : 'other';
}
