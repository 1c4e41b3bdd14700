/** Keys of a list: j and k move, Home and End go to the ends, Enter opens, / filters. */
type Acts = {
  move: (by: number) => void;
  edge: (end: boolean) => void;
  page: () => number;
  open: () => void;
  filter: () => void;
};

/** Whether the viewer is typing, or a dialog is before the list. */
export function busy(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector('dialog[open]')) return true;
  return event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]') !== null;
}

export function listKeys(acts: Acts): (event: KeyboardEvent) => void {
  const byKey: Record<string, () => void> = {
    j: () => acts.move(1),
    ArrowDown: () => acts.move(1),
    k: () => acts.move(-1),
    ArrowUp: () => acts.move(-1),
    PageDown: () => acts.move(acts.page()),
    PageUp: () => acts.move(-acts.page()),
    Home: () => acts.edge(false),
    End: () => acts.edge(true),
    '/': () => acts.filter(),
    Enter: () => acts.open(),
  };
  return (event) => {
    const act = byKey[event.key];
    if (!act || busy(event)) return;
    if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button')) return;
    event.preventDefault();
    act();
  };
}
