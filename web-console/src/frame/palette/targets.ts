/** Everything that the palette can reach. Pure. */
import type { Section } from '../../pages';
import type { IconName } from '../../ui/icons';
import { address } from '../../lib/paths';

export type Kind = 'page' | 'topic' | 'group' | 'broker' | 'action';

export type Target = {
  /** One of its kind. */
  key: string;
  kind: Kind;
  text: string;
  icon: IconName;
  /** Where it goes, or what it does. */
  to?: string;
  run?: () => void;
  /** Another word by which it is found. */
  also?: string;
};

const ICONS = { topic: 'topics', group: 'groups', broker: 'brokers' } as const;

/** The pages, in the order of the rail. */
export function pageTargets(
  sections: readonly { section: Section; to: string; icon: IconName }[],
  names: Record<Section, string>,
  english: Record<Section, string>,
): Target[] {
  return sections.map(({ section, to, icon }) => ({
    key: `page ${section}`,
    kind: 'page',
    text: names[section],
    also: english[section],
    icon,
    to,
  }));
}

/** Topics, groups or brokers by name. */
export function namedTargets(
  kind: 'topic' | 'group' | 'broker',
  names: readonly string[],
  label = (name: string) => name,
) {
  return names.map((name): Target => ({
    key: `${kind} ${name}`,
    kind,
    text: label(name),
    icon: ICONS[kind],
    also: `${kind} ${name}`,
    to: address([`${kind}s`, name]),
  }));
}

/** The words in which a target is searched: what it is called, and what it is called in English. */
export function wordsOf(target: Target): string {
  return target.also && target.also !== target.text ? `${target.text} ${target.also}` : target.text;
}
