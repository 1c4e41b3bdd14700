/** Documents that keep themselves up to date over the session. Confined to: the page. */
import { untrack } from 'svelte';
import type { MillraceError } from '../../client/millrace.js';
import { ProblemError } from './rest';
import { session } from './session.svelte';

const EVERY_MS = 1000;

/** A watched document: undefined until it came, then as new as the connection allows. */
export class Live<T> {
  data = $state.raw<T>();
  problem = $state.raw<ProblemError | null>(null);
  /** When it last changed, in ms since 1970. */
  changedMs = $state(0);
  private attempt = $state(0);
  private place = '';

  constructor(private readonly path: () => string | null) {
    $effect(() => {
      const wanted = this.path();
      void this.attempt;
      return untrack(() => this.follow(wanted));
    });
  }

  private follow(path: string | null): (() => void) | undefined {
    const place = path?.split('?')[0] ?? '';
    // Another filter of the same place keeps the old rows until the new ones are there.
    if (place !== this.place) this.data = undefined;
    this.place = place;
    this.problem = null;
    if (path === null) return undefined;
    const onError = (error: MillraceError) => {
      this.problem = new ProblemError(0, error.code, error.message, error.hint ?? null);
    };
    const watch = session.millrace.watch<T>(path, { everyMs: EVERY_MS, onError }, (view) => {
      this.data = view;
      this.problem = null;
      this.changedMs = Date.now();
    });
    return () => watch.close();
  }

  /** Asks again after a problem. */
  retry(): void {
    this.attempt++;
  }

  get loading(): boolean {
    return this.data === undefined && this.problem === null;
  }
}

/** Watches a path while the component that calls it lives; null watches nothing. */
export function live<T>(path: () => string | null): Live<T> {
  return new Live<T>(path);
}
