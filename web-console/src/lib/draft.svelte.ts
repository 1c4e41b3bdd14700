/** What the next record to be produced starts from: a record that is produced again. Confined to: the page. */
export type Draft = {
  key: string | null;
  value: string;
  /** Value is base64 of bytes that are no text. */
  base64: boolean;
  tombstone: boolean;
  partition: number | null;
  headers: [string, string][];
};

class Drafts {
  next = $state.raw<Draft | null>(null);

  /** The draft, once. */
  take(): Draft | null {
    const draft = this.next;
    this.next = null;
    return draft;
  }
}

export const drafts = new Drafts();
