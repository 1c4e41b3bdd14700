/** What is asked for a new topic. Pure. */

/** Whether a topic may have this name. */
export function topicName(name: string): boolean {
  return /^[\w.-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}

/** Values of retention.ms; null leaves it to the broker. */
export const retentionMs = {
  default: null,
  hour: '3600000',
  day: '86400000',
  week: '604800000',
  month: '2592000000',
  forever: '-1',
} as const;

export type Retention = keyof typeof retentionMs;

/** Lines of key=value, and the first one that is none. */
export function readSettings(text: string): { values: Record<string, string>; bad: string | null } {
  const values: Record<string, string> = {};
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const at = line.indexOf('=');
    if (at < 1) return { values, bad: line };
    values[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return { values, bad: null };
}
