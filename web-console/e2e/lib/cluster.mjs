import { once } from 'node:events'
import { createServer } from 'node:net'
import { Broker } from './broker.mjs'
import { until } from './until.mjs'

/** Ports of one broker for its peers: the port itself and the three behind it. */
const SLOT = 4

async function isFree(port) {
  const server = createServer()
  const bound = once(server.listen(port, '127.0.0.1'), 'listening').then(() => true, () => false)
  const free = await bound
  if (free) await once(server.close(), 'close')
  return free
}

/** First of that many ports in a row that are free now. */
async function freeRow(count) {
  for (let base = 21_000 + SLOT * Math.floor(Math.random() * 1_000); ; base += SLOT) {
    const free = []
    for (let port = base; port < base + count; port++) free.push(await isFree(port))
    if (free.every(Boolean)) return base
  }
}

/** Brokers that share one cluster, each a process of its own; ids from 1. */
export class Cluster {
  constructor(brokers) {
    this.brokers = brokers
  }

  static async start(name, count = 3) {
    const base = await freeRow(count * SLOT)
    const ports = Array.from({ length: count }, (_, i) => base + i * SLOT)
    const brokers = await Promise.all(
      ports.map((port, i) =>
        Broker.start(`${name}-${i + 1}`, {
          'broker.id': i + 1,
          'cluster.name': name,
          'cluster.port': port,
          'cluster.join': ports.map(each => `127.0.0.1:${each}`).join(','),
          'offsets.topic.num.partitions': 6,
        }),
      ),
    )
    const cluster = new Cluster(brokers)
    await cluster.sees(count).catch(async error => {
      await cluster.kill()
      throw error
    })
    return cluster
  }

  /** Until every broker that is there sees so many that serve. */
  async sees(count, which = this.brokers) {
    for (const broker of which) {
      const serving = async () => (await broker.get('/api/v1/brokers')).brokers.filter(one => !one.fenced).length
      await until(async () => (await serving()) === count, { what: `${broker.name} sees ${count}`, withinMs: 60_000 })
    }
  }

  /** A topic that every broker knows. */
  async create(topic, partitions, replicationFactor) {
    await this.brokers[0].rest('POST', '/api/v1/topics', { name: topic, partitions, replicationFactor })
    for (const broker of this.brokers) {
      const known = () => broker.get(`/api/v1/topics/${topic}`).catch(() => undefined)
      await until(known, { what: `${broker.name} knows ${topic}` })
    }
  }

  publish(broker, topic, partition, value) {
    return broker.rest('POST', `/api/v1/topics/${topic}/records`, { p: partition, v: value })
  }

  async kill() {
    await Promise.all(this.brokers.map(broker => broker.kill()))
  }
}
