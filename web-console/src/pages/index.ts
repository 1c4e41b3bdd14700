/** The pages: an address each; those with a place in the rail say which. */
import type { Component } from 'svelte';
import { match, type Params } from '../lib/paths';
import type { IconName } from '../ui/icons';
import OverviewPage from './overview/OverviewPage.svelte';
import TopicPage from './topic/TopicPage.svelte';
import TopicsPage from './topics/TopicsPage.svelte';

export type Page = {
  pattern: string;
  /** Takes the named parts of the address as properties. */
  view: Component<any>;
  /** Which entry of the rail is lit. */
  section: Section;
};

/** Names of the texts in `common.nav`. */
export type Section = 'overview' | 'topics' | 'groups' | 'sockets' | 'brokers' | 'events';

/** The rail, in its order. */
export const sections: { section: Section; to: string; icon: IconName }[] = [
  { section: 'overview', to: '/', icon: 'overview' },
  { section: 'topics', to: '/topics', icon: 'topics' },
];

export const pages: Page[] = [
  { pattern: '/', view: OverviewPage, section: 'overview' },
  { pattern: '/topics', view: TopicsPage, section: 'topics' },
  { pattern: '/topics/:topic', view: TopicPage, section: 'topics' },
  { pattern: '/topics/:topic/:tab', view: TopicPage, section: 'topics' },
];

/** The page of an address with its named parts, or null. */
export function pageAt(path: string): { page: Page; params: Params } | null {
  for (const page of pages) {
    const params = match(page.pattern, path);
    if (params) return { page, params };
  }
  return null;
}
