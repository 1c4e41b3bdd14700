/** The ways in which the offsets of a group are set anew. */
export const RESET_KINDS = ['earliest', 'latest', 'time', 'age', 'offset', 'shift'] as const;
export type ResetKind = (typeof RESET_KINDS)[number];

/** What somebody has filled in. */
export type ResetForm = {
  kind: ResetKind;
  /** Of an `<input type="datetime-local">`: a time in the zone of the viewer. */
  time: string;
  /** Such as `15m` or `2h`. */
  age: string;
  offset: string;
  /** Records forward, or back when negative. */
  shift: string;
};

/** What is wrong with a form: the name of a text in `reset.faults`. */
export type ResetFault = 'time' | 'age' | 'offset' | 'shift';

/** The word for the target that the broker reads, or what is wrong. */
export function resetTarget(form: ResetForm): { to: string } | { fault: ResetFault } {
  switch (form.kind) {
    case 'earliest':
    case 'latest':
      return { to: form.kind };
    case 'time': {
      const at = new Date(form.time).getTime();
      return Number.isFinite(at) ? { to: `ts:${new Date(at).toISOString().replace('.000Z', 'Z')}` } : { fault: 'time' };
    }
    case 'age': {
      const age = form.age.trim();
      return /^[1-9]\d*(ms|s|m|h|d)$/.test(age) ? { to: `age:${age}` } : { fault: 'age' };
    }
    case 'offset': {
      const offset = form.offset.trim();
      return /^\d{1,18}$/.test(offset) ? { to: offset } : { fault: 'offset' };
    }
    case 'shift': {
      const shift = form.shift.trim();
      return /^[+-]?[1-9]\d{0,17}$/.test(shift) ? { to: `shift:${shift.replace('+', '')}` } : { fault: 'shift' };
    }
  }
}

/** The form for a target that stands in an address; an unknown one gives the form for `latest`. */
export function resetForm(to: string | null): ResetForm {
  const form: ResetForm = { kind: 'latest', time: '', age: '15m', offset: '0', shift: '-10' };
  if (to === 'earliest' || to === 'latest') {
    form.kind = to;
  } else if (to?.startsWith('ts:')) {
    form.kind = 'time';
    form.time = localTime(new Date(to.slice(3)));
  } else if (to?.startsWith('age:')) {
    form.kind = 'age';
    form.age = to.slice(4);
  } else if (to?.startsWith('shift:')) {
    form.kind = 'shift';
    form.shift = to.slice(6);
  } else if (to && /^\d+$/.test(to)) {
    form.kind = 'offset';
    form.offset = to;
  }
  return form;
}

/** A time as `<input type="datetime-local">` wants it, in the zone of the viewer. */
export function localTime(at: Date): string {
  if (Number.isNaN(at.getTime())) {
    return '';
  }
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** Partitions by topic, chosen from all those that a group has offsets for. */
export type Chosen = Record<string, number[]>;

/** What is sent as `topics`: names when whole topics are meant, partitions otherwise. */
export function resetTopics(chosen: Chosen, all: Chosen): string[] | Chosen {
  const topics = Object.keys(chosen).filter((topic) => chosen[topic]!.length > 0);
  const whole = topics.every((topic) => chosen[topic]!.length === (all[topic]?.length ?? 0));
  if (whole) {
    return topics;
  }
  return Object.fromEntries(topics.map((topic) => [topic, [...chosen[topic]!].sort((a, b) => a - b)]));
}

/** What is chosen as a part of an address: `orders:0,1;bills:0`; all of them is nothing. */
export function writeChosen(chosen: Chosen, all: Chosen): string | null {
  const topics = Object.keys(chosen).sort();
  const same =
    topics.length === Object.keys(all).length && topics.every((topic) => chosen[topic]!.length === all[topic]?.length);
  return same ? null : topics.map((topic) => `${topic}:${chosen[topic]!.join(',')}`).join(';') || ';';
}

/** What an address says is chosen; null when it says nothing, and all is meant. */
export function readChosen(text: string): Chosen | null {
  if (text === '') return null;
  const chosen: Chosen = {};
  for (const part of text.split(';')) {
    const [topic, partitions = ''] = part.split(':');
    if (topic) chosen[topic] = partitions.split(',').filter(Boolean).map(Number).filter(Number.isInteger);
  }
  return chosen;
}

/** Every partition that a group has committed in or holds, by topic. */
export function partitionsOf(
  offsets: readonly { topic: string; partition: number }[],
  members: readonly { assigned: Chosen }[],
): Chosen {
  const found: Record<string, Set<number>> = {};
  const add = (topic: string, partition: number) => (found[topic] ??= new Set()).add(partition);
  for (const { topic, partition } of offsets) add(topic, partition);
  for (const { assigned } of members) {
    for (const [topic, partitions] of Object.entries(assigned)) partitions.forEach((one) => add(topic, one));
  }
  return Object.fromEntries(
    Object.keys(found)
      .sort()
      .map((topic) => [topic, [...found[topic]!].sort((a, b) => a - b)]),
  );
}

/** How many records a reset makes the group read again, and how many it skips. */
export function moved(offsets: readonly { before: number | null; after: number }[]): {
  back: number;
  forward: number;
} {
  let back = 0;
  let forward = 0;
  for (const { before, after } of offsets) {
    if (before === null) continue;
    if (after < before) back += before - after;
    else forward += after - before;
  }
  return { back, forward };
}
