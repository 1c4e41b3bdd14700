/** The outcome of a reset as the broker reckons it, fetched anew whenever the wish changes. Confined to: the page. */
import type { Chosen } from '../../lib/groups/reset';
import type { ResetAnswer } from '../../lib/operations';
import { apiPath, ProblemError, rest } from '../../lib/rest';

const QUIET_MS = 200;

export type Wish = { topics: string[] | Chosen; to: string };

export class Preview {
  answer = $state.raw<ResetAnswer | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  waiting = $state(false);

  /**
   * Watches a wish while the component that calls this lives.
   *
   * @param group whose offsets
   * @param wish what is wished as JSON, null while there is nothing to ask
   * @param ground what the outcome rests on: it is reckoned again when this changes
   */
  constructor(
    private readonly group: () => string,
    wish: () => string | null,
    ground: () => string,
  ) {
    $effect(() => {
      const text = wish();
      const path = this.path();
      void ground();
      this.waiting = text !== null;
      if (text === null) {
        this.answer = null;
        return;
      }
      const ended = new AbortController();
      const timer = setTimeout(() => void this.fetch(path, JSON.parse(text) as Wish, ended.signal), QUIET_MS);
      return () => {
        clearTimeout(timer);
        ended.abort();
      };
    });
  }

  /** Does what was previewed. */
  async apply(wish: Wish): Promise<ResetAnswer> {
    const answer = await rest.post<ResetAnswer>(this.path(), { ...wish, preview: false });
    this.answer = answer;
    return answer;
  }

  private path(): string {
    return apiPath(['groups', this.group(), 'offsets']);
  }

  private async fetch(path: string, wish: Wish, signal: AbortSignal): Promise<void> {
    try {
      this.answer = await rest.post<ResetAnswer>(path, { ...wish, preview: true }, signal);
      this.problem = null;
    } catch (fault) {
      if (signal.aborted) return;
      this.answer = null;
      this.problem = ProblemError.of(fault);
    }
    this.waiting = false;
  }
}
