/** What lies over the page: the palette, the help for the keyboard, or nothing. Confined to: the page. */
class Overlay {
  shown = $state<'palette' | 'keys' | null>(null);
  private from: Element | null = null;

  /** Opens one, or closes it when it is open. The focus comes back where it was. */
  toggle(which: 'palette' | 'keys'): void {
    if (this.shown === which) this.close();
    else {
      if (this.shown === null) this.from = document.activeElement;
      this.shown = which;
    }
  }

  close(): void {
    this.shown = null;
    if (this.from instanceof HTMLElement && this.from.isConnected) this.from.focus();
    this.from = null;
  }
}

export const overlay = new Overlay();
