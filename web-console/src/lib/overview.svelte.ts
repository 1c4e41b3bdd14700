/** The overview, watched once for the whole page: the header, the overview page and the palette read it. */
import { Live } from './live.svelte';
import type { Overview } from './types';

class Shared {
  private live = $state.raw<Live<Overview> | null>(null);

  /** Begins to watch; called by the frame while it is being made. */
  begin(): void {
    this.live = new Live<Overview>(() => '/api/v1/overview');
  }

  get document(): Live<Overview> | null {
    return this.live;
  }

  get data(): Overview | undefined {
    return this.live?.data;
  }
}

export const overview = new Shared();
