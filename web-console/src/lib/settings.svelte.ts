/** What this person has chosen for all pages. Confined to: the page. */
import { remember, remembered } from './store';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';

class Settings {
  theme = $state<Theme>(remembered<Theme>('theme', 'system'));
  density = $state<Density>(remembered<Density>('density', 'comfortable'));
  narrowRail = $state(remembered('rail', false));
  favourites = $state<string[]>(remembered<string[]>('favourites', []));

  /** Height of a row in a list, in pixels; the token --row says the same to the styles. */
  get rowPixels(): number {
    return this.density === 'compact' ? 24 : 32;
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    remember('theme', theme);
  }

  setDensity(density: Density): void {
    this.density = density;
    remember('density', density);
  }

  toggleRail(): void {
    this.narrowRail = !this.narrowRail;
    remember('rail', this.narrowRail);
  }

  toggleFavourite(topic: string): void {
    this.favourites = this.favourites.includes(topic)
      ? this.favourites.filter((other) => other !== topic)
      : [...this.favourites, topic];
    remember('favourites', this.favourites);
  }

  /** Puts the choices where the styles read them. */
  apply(root: HTMLElement): void {
    if (this.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.theme;
    root.dataset['density'] = this.density;
    root.dataset['rail'] = this.narrowRail ? 'narrow' : 'wide';
  }
}

export const settings = new Settings();
