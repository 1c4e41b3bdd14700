/** Whose settings are shown: those of a topic, or those of a broker. Pure. */
import { apiPath } from '../../../lib/rest';
import type { Config } from '../../../lib/types';

export type Owner = { kind: 'topics' | 'brokers'; name: string };

/** Where the settings live. */
export function configsPath({ kind, name }: Owner): string {
  return apiPath([kind, name, 'configs']);
}

/** Whether a setting is made for this very topic or broker. */
export function isOwn({ source }: Config, { kind }: Owner): boolean {
  return source === (kind === 'topics' ? 'topic' : 'broker');
}
