import kafkajs from 'kafkajs'
import { until } from './until.mjs'

const { Kafka, logLevel } = kafkajs

/** A real Kafka client over TCP, beside the browser. */
export class KafkaClient {
  #kafka
  #open = []

  constructor(bootstrap) {
    this.#kafka = new Kafka({
      brokers: [bootstrap],
      clientId: 'kafkajs',
      logLevel: logLevel.NOTHING,
      retry: { initialRetryTime: 20, retries: 20 },
    })
  }

  async #opened(client) {
    await client.connect()
    this.#open.push(client)
    return client
  }

  async admin() {
    return (this.admin_ ??= await this.#opened(this.#kafka.admin()))
  }

  async #producer() {
    return (this.producer_ ??= await this.#opened(this.#kafka.producer({ allowAutoTopicCreation: false })))
  }

  async create(topic, partitions = 1, configEntries = []) {
    const admin = await this.admin()
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: partitions, configEntries }] })
    await until(async () => (await admin.listTopics()).includes(topic), { what: `${topic} is there` })
  }

  /** Sends records with these values, or messages as kafkajs knows them, to partition 0 unless they say another. */
  async send(topic, values) {
    const producer = await this.#producer()
    const messages = values.map(value => (value !== null && typeof value === 'object' ? { partition: 0, ...value } : { partition: 0, value }))
    return producer.send({ topic, messages })
  }

  /** Consumes with a group of its own or a given one; `received` fills as records come. */
  async consume(topic, { groupId = `e2e-${topic}-${Date.now()}`, fromBeginning = true } = {}) {
    const consumer = await this.#opened(this.#kafka.consumer({ groupId, sessionTimeout: 10_000, heartbeatInterval: 500, maxWaitTimeInMs: 100 }))
    const received = []
    const state = { consumer, received, assigned: [], rebalances: 0 }
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      state.rebalances++
      state.assigned = payload.memberAssignment[topic] ?? []
    })
    await consumer.subscribe({ topic, fromBeginning })
    await consumer.run({
      autoCommitInterval: 200,
      eachMessage: async ({ partition, message }) => {
        received.push({ p: partition, o: Number(message.offset), v: message.value?.toString() ?? null, k: message.key?.toString() ?? null, h: message.headers })
      },
    })
    return state
  }

  async close() {
    for (const client of this.#open.splice(0).reverse()) await client.disconnect()
  }
}
