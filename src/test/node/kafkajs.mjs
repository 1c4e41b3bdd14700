import kafkajs from 'kafkajs'
import lz4 from 'lz4-napi'
import snappy from 'snappy'
import { asked, run, say, varied } from './samples.mjs'

const { Kafka, CompressionTypes, CompressionCodecs, PartitionAssigners, logLevel } = kafkajs

// kafkajs brings gzip; the others are plugged in, as its documentation shows.
CompressionCodecs[CompressionTypes.Snappy] = () => ({
  compress: encoder => snappy.compress(encoder.buffer),
  decompress: buffer => snappy.uncompress(buffer),
})
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: encoder => lz4.compressFrame(encoder.buffer),
  decompress: buffer => lz4.decompressFrame(buffer),
})

const codecs = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
}

function kafka(bootstrap, clientId = 'kafkajs') {
  return new Kafka({
    brokers: [bootstrap],
    clientId,
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 20, retries: 20 },
  })
}

async function withAdmin(bootstrap, work) {
  const admin = kafka(bootstrap).admin()
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.disconnect()
  }
}

const text = buffer => (buffer == null ? null : buffer.toString())

await run({
  async create(bootstrap, { topic, partitions }) {
    await withAdmin(bootstrap, async admin => {
      await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions }] })
      say({ topics: await admin.listTopics() })
    })
  },

  async produce(bootstrap, { topic, codec, count, idempotent, batches, clientId }) {
    const producer = kafka(bootstrap, clientId).producer({ idempotent, maxInFlightRequests: 1 })
    await producer.connect()
    const messages = varied(count).map(m => ({ ...m, partition: 0 }))
    const size = Math.ceil(count / batches)
    for (let i = 0; i < count; i += size) {
      await producer.send({ topic, compression: codecs[codec], messages: messages.slice(i, i + size) })
      say({ sent: Math.min(count, i + size) })
    }
    await producer.disconnect()
  },

  async consume(bootstrap, { topic, group, count }) {
    const consumer = kafka(bootstrap).consumer({ groupId: group, maxWaitTimeInMs: 200 })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    let seen = 0
    await new Promise((resolve, reject) =>
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ partition, message }) => {
            if (seen === count) return
            const headers = Object.fromEntries(Object.entries(message.headers).map(([k, v]) => [k, text(v)]))
            say({ partition, offset: Number(message.offset), key: text(message.key), value: text(message.value), headers })
            if (++seen === count) {
              await consumer.commitOffsets([{ topic, partition, offset: `${Number(message.offset) + 1}` }])
              resolve()
            }
          },
        })
        .catch(reject),
    )
    await consumer.disconnect()
  },

  async member(bootstrap, { topic, group }) {
    const consumer = kafka(bootstrap).consumer({
      groupId: group,
      sessionTimeout: 2000,
      rebalanceTimeout: 5000,
      heartbeatInterval: 300,
      maxWaitTimeInMs: 200,
      partitionAssigners: [PartitionAssigners.roundRobin],
    })
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => say({ assigned: payload.memberAssignment[topic] ?? [] }))
    await consumer.connect()
    await consumer.subscribe({ topic })
    await consumer.run({ eachMessage: async () => {} })
    await asked()
    await consumer.disconnect()
  },

  async offsetAt(bootstrap, { topic, timestamp }) {
    await withAdmin(bootstrap, async admin => {
      const [{ offset }] = await admin.fetchTopicOffsetsByTimestamp(topic, timestamp)
      say({ offset: Number(offset) })
    })
  },
})
