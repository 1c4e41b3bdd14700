/** The one WebSocket session of this page, by the same module that everyone gets. Confined to: the page. */
import { Millrace, type Status } from '../../client/millrace.js';
import { broker } from './rest';

/** What a page shows is a second old; a broker that says nothing for longer is asked, and left for another. */
const SILENCE_MS = 4000;

class Session {
  readonly millrace = new Millrace(undefined, { silenceMs: SILENCE_MS });
  status = $state.raw<Status>(this.millrace.status);
  /** When the next attempt is due, in ms since 1970; null unless one is. */
  retryAtMs = $state<number | null>(null);
  /** Whether this page has ever been connected: before that nothing can be old. */
  wasOpen = $state(false);

  constructor() {
    this.millrace.on('status', (status) => {
      this.status = status;
      this.retryAtMs = status.state === 'waiting' ? Date.now() + status.retryInMs : null;
      if (status.state === 'open') {
        this.wasOpen = true;
        const { address } = this.millrace;
        broker.address = address === globalThis.location?.origin ? '' : address;
      }
    });
  }

  get open(): boolean {
    return this.status.state === 'open';
  }

  /** Whether what the pages show may be old. */
  get stale(): boolean {
    return this.wasOpen && !this.open;
  }

  retry(): void {
    this.millrace.connect();
  }
}

export const session = new Session();
