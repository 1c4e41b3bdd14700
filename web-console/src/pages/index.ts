/** The pages: an address each; those with a place in the rail say which. */
import type { Component } from 'svelte';
import { match, type Params } from '../lib/paths';
import type { IconName } from '../ui/icons';
import BrokerPage from './brokers/BrokerPage.svelte';
import BrokersPage from './brokers/BrokersPage.svelte';
import EventsPage from './events/EventsPage.svelte';
import GroupPage from './group/GroupPage.svelte';
import GroupsPage from './groups/GroupsPage.svelte';
import OverviewPage from './overview/OverviewPage.svelte';
import ResetPage from './reset/ResetPage.svelte';
import SocketsPage from './sockets/SocketsPage.svelte';
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
  { section: 'groups', to: '/groups', icon: 'groups' },
  { section: 'sockets', to: '/sockets', icon: 'sockets' },
  { section: 'brokers', to: '/brokers', icon: 'brokers' },
  { section: 'events', to: '/events', icon: 'events' },
];

export const pages: Page[] = [
  { pattern: '/', view: OverviewPage, section: 'overview' },
  { pattern: '/topics', view: TopicsPage, section: 'topics' },
  { pattern: '/topics/:topic', view: TopicPage, section: 'topics' },
  { pattern: '/topics/:topic/:tab', view: TopicPage, section: 'topics' },
  { pattern: '/groups', view: GroupsPage, section: 'groups' },
  { pattern: '/groups/:group', view: GroupPage, section: 'groups' },
  { pattern: '/groups/:group/reset', view: ResetPage, section: 'groups' },
  { pattern: '/sockets', view: SocketsPage, section: 'sockets' },
  { pattern: '/brokers', view: BrokersPage, section: 'brokers' },
  { pattern: '/brokers/:broker', view: BrokerPage, section: 'brokers' },
  { pattern: '/brokers/:broker/:tab', view: BrokerPage, section: 'brokers' },
  { pattern: '/events', view: EventsPage, section: 'events' },
];

/** The page of an address with its named parts, or null. */
export function pageAt(path: string): { page: Page; params: Params } | null {
  for (const page of pages) {
    const params = match(page.pattern, path);
    if (params) return { page, params };
  }
  return null;
}
