import { Admin, Consumer, Producer, stringSerializers } from '@platformatic/kafka'
import { asked, run, say, varied } from './samples.mjs'

const base = (bootstrap, clientId = 'platformatic') => ({
  clientId,
  bootstrapBrokers: [bootstrap],
  retries: 20,
  retryDelay: 50,
})

const consumerOf = (bootstrap, group, more) =>
  new Consumer({ ...base(bootstrap), groupId: group, maxWaitTime: 200, ...more })

const text = buffer => (buffer == null ? null : buffer.toString())

await run({
  async create(bootstrap, { topic, partitions }) {
    const admin = new Admin(base(bootstrap))
    await admin.createTopics({ topics: [topic], partitions, replicas: 1 })
    say({ topics: await admin.listTopics() })
    await admin.close()
  },

  async produce(bootstrap, { topic, codec, count, idempotent, batches, clientId }) {
    const producer = new Producer({ ...base(bootstrap, clientId), idempotent, serializers: stringSerializers })
    const messages = varied(count).map(m => ({
      topic,
      partition: 0,
      key: m.key ?? undefined,
      value: m.value ?? undefined,
      headers: m.headers,
    }))
    const size = Math.ceil(count / batches)
    for (let i = 0; i < count; i += size) {
      await producer.send({ messages: messages.slice(i, i + size), compression: codec, acks: -1 })
      say({ sent: Math.min(count, i + size) })
    }
    await producer.close()
  },

  async consume(bootstrap, { topic, group, count }) {
    const consumer = consumerOf(bootstrap, group)
    const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode: 'earliest', autocommit: false })
    let seen = 0
    for await (const message of stream) {
      const headers = Object.fromEntries([...message.headers].map(([k, v]) => [text(k), text(v)]))
      say({ partition: message.partition, offset: message.offset, key: text(message.key), value: text(message.value), headers })
      if (++seen === count) {
        await consumer.commit({ offsets: [{ topic, partition: message.partition, offset: message.offset + 1n, leaderEpoch: 0 }] })
        break
      }
    }
    await consumer.close(true)
  },

  async member(bootstrap, { topic, group }) {
    const consumer = consumerOf(bootstrap, group, { sessionTimeout: 2000, rebalanceTimeout: 5000, heartbeatInterval: 300 })
    consumer.on('consumer:group:join', ({ assignments }) =>
      say({ assigned: assignments.filter(a => a.topic === topic).flatMap(a => a.partitions) }),
    )
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest' })
    stream.on('data', () => {})
    await asked()
    await consumer.close(true)
  },

  async offsetAt(bootstrap, { topic, timestamp }) {
    const admin = new Admin(base(bootstrap))
    const [{ partitions }] = await admin.listOffsets({
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp: BigInt(timestamp) }] }],
    })
    say({ offset: partitions[0].offset })
    await admin.close()
  },
})
