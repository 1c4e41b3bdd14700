/** Words that commands for the terminal share. */
import { overview } from './overview.svelte';

/** Where a Kafka client connects to, as far as the console knows: this host and Kafka's usual port. */
export function bootstrap(): string {
  return overview.data?.bootstrap ?? `${location.hostname}:9092`;
}
