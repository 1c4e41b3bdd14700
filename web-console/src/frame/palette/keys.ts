/** Keys that work on every page. Pure, but for the name of the command key. */
import type { Section } from '../../pages';

/** How this machine calls the key that is held for commands. */
export const COMMAND = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';

/** After `g`, a letter goes to a page. */
export const GO_KEYS: Record<string, Section> = {
  o: 'overview',
  t: 'topics',
  g: 'groups',
  s: 'sockets',
  b: 'brokers',
  e: 'events',
};

/** What a key press asks for on any page. */
export type Wish = 'palette' | 'keys' | 'density' | 'theme' | 'go' | { section: Section };

/**
 * What a press asks for, or null. While somebody types into a field only the command key counts.
 *
 * @param afterGo whether `g` was pressed just before
 */
export function wishOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>,
  typing: boolean,
  afterGo: boolean,
): Wish | null {
  if (event.isComposing || event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === 'k' ? 'palette' : null;
  if (typing) return null;
  const section = afterGo ? GO_KEYS[event.key] : undefined;
  if (section) return { section };
  switch (event.key) {
    case '?':
      return 'keys';
    case 'd':
      return 'density';
    case 't':
      return 'theme';
    case 'g':
      return 'go';
    default:
      return null;
  }
}

/** Whether presses go into a text there. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select') !== null;
}
