/** Where the viewer is: every page, filter and position is an address. Confined to: the page. */
import { queryText } from './paths';

class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));

  constructor() {
    addEventListener('popstate', () => this.read());
    document.addEventListener('click', (event) => this.follow(event));
  }

  private read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }

  /** Goes to an address; the back button returns. */
  go(to: string): void {
    if (to === location.pathname + location.search) return;
    history.pushState(null, '', to);
    this.read();
  }

  /** Goes to an address in place of this one. */
  replace(to: string): void {
    if (to === location.pathname + location.search) return;
    history.replaceState(null, '', to);
    this.read();
  }

  /** A part of the query, or what it is otherwise. */
  get(name: string, otherwise = ''): string {
    return this.query.get(name) ?? otherwise;
  }

  /** Changes parts of the query: a filter in place, a view (push) as a step of the back button. */
  set(changes: Record<string, string | null>, step: 'replace' | 'push' = 'replace'): void {
    const to = location.pathname + queryText(new URLSearchParams(location.search), changes);
    if (step === 'push') this.go(to);
    else this.replace(to);
  }

  /** Links stay inside the page unless the viewer wants another tab or window. */
  private follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (/^\/(api|ws|sse|client|metrics|openapi\.json|asyncapi\.json)/.test(link.pathname)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
