/** The same acts as a terminal does them. Pure. */
import type { Method } from './rest';

/** A word as a POSIX shell reads it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A call of the REST interface, with curl. */
export function curl(origin: string, method: Method, path: string, body?: unknown): string {
  const words = ['curl', '-s'];
  if (method !== 'GET') words.push('-X', method);
  words.push(quote(origin + path));
  if (body !== undefined) words.push('-H', "'content-type: application/json'", '-d', quote(JSON.stringify(body)));
  return words.join(' ');
}

/** One of the tools, with options in the order given; those with null are left out, those with true have no value. */
export function tool(name: string, options: Record<string, string | number | boolean | string[] | null>): string {
  const words = [name];
  for (const [option, value] of Object.entries(options)) {
    if (value === null || value === false) continue;
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) words.push(...(one === true ? [`--${option}`] : [`--${option}`, quote(String(one))]));
  }
  return words.join(' ');
}

/** kcat that reads one record. */
export function kcatRecord(bootstrap: string, topic: string, partition: number, offset: number): string {
  return `kcat -b ${quote(bootstrap)} -C -t ${quote(topic)} -p ${partition} -o ${offset} -c 1 -f 'Key: %k\\nHeaders: %h\\nValue: %s\\n'`;
}

/** What fills a cluster that has no topic yet. */
export function firstTopic(bootstrap: string): string {
  return tool('bin/kafka-topics.sh', { 'bootstrap-server': bootstrap, create: true, topic: 'orders', partitions: 3 });
}
