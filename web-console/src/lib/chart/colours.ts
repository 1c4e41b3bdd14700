import { readColour } from '../a11y/contrast';

/**
 * Reads tokens as a canvas needs them. A token may say two colours, of which the scheme of the page
 * chooses; only an element of the page knows the outcome.
 */
export function colourReader(probe: HTMLElement): (token: string, opacity?: number) => string {
  return (token, opacity = 1) => {
    probe.style.color = `var(${token})`;
    const [red, green, blue, alpha] = readColour(getComputedStyle(probe).color);
    return `rgb(${red} ${green} ${blue} / ${alpha * opacity})`;
  };
}

/** Calls back when the scheme of the page has changed, by choice or by the system. */
export function onSchemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', changed);
  };
}
