/** The time, moving on once a second while somebody looks at it. Confined to: the page. */
import { createSubscriber } from 'svelte/reactivity';

class Now {
  private readonly subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  /** Milliseconds since 1970. */
  get ms(): number {
    this.subscribe();
    return Date.now();
  }
}

export const now = new Now();
