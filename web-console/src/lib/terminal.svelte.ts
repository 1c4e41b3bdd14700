/** Words that commands for the terminal share. Confined to: the page. */
import { rest } from './rest';

const USUAL_PORT = 9092;

type Brokers = { brokers: { listeners: { host: string; port: number }[] }[] };

let address = $state<string | null>(null);
let asked = false;

/** Where a Kafka client connects to: the first listener of a broker, and until that is known Kafka's usual port. */
export function bootstrap(): string {
  if (!asked) {
    asked = true;
    void ask();
  }
  return address ?? `${location.hostname}:${USUAL_PORT}`;
}

async function ask(): Promise<void> {
  try {
    const { brokers } = await rest.get<Brokers>('/api/v1/brokers');
    const first = brokers[0]?.listeners[0];
    if (first) address = `${first.host}:${first.port}`;
  } catch {
    // The broker is away: the next command asks again.
    asked = false;
  }
}
