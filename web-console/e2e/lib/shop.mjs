import kafkajs from 'kafkajs'
import { WebSocket } from 'ws'
import { Kcat } from './kcat.mjs'
import { Millrace } from '../../client/millrace.js'

const { Kafka, logLevel } = kafkajs

/** Numbers that look random and are the same each time. */
export function dice(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const TOPICS = [
  ['orders', 6, { 'retention.ms': '604800000' }],
  ['payments', 6, { 'retention.ms': '604800000' }],
  ['shipments', 3, { 'retention.ms': '604800000' }],
  ['stock-levels', 3, { 'cleanup.policy': 'compact' }],
  ['customers', 3, { 'cleanup.policy': 'compact' }],
  ['page-views', 12, { 'retention.ms': '86400000', 'retention.bytes': '1073741824' }],
  ['search-queries', 6, { 'retention.ms': '86400000' }],
  ['emails', 2, {}],
  ['invoices', 2, {}],
  ['refunds', 1, {}],
  ['audit', 1, { 'retention.ms': '-1' }],
  ['price-changes', 1, {}],
]

const SHARE = { 'page-views': 40, orders: 14, payments: 12, 'search-queries': 12, 'stock-levels': 8, shipments: 6, emails: 3, invoices: 2, customers: 2, audit: 1 }
const CITIES = ['Berlin', 'Seoul', '서울', 'Lyon', 'Porto', 'Gdańsk', 'Busan', '부산']
const GOODS = ['kettle', 'desk lamp', '무선 이어폰', 'notebook', 'bicycle bell', 'tea, 100 g', '우산', 'wool socks']

/** A shop with customers, as the brokers of shops see it: topics, traffic, groups with and without lag. */
export class Shop {
  #kafka
  #roll
  #stop = []
  #numbers = 41_870

  constructor(broker, seed = 7) {
    this.broker = broker
    this.#roll = dice(seed)
    this.#kafka = new Kafka({ brokers: [broker.bootstrap], clientId: 'shop', logLevel: logLevel.NOTHING })
  }

  #of(list) {
    return list[Math.floor(this.#roll() * list.length)]
  }

  #record(topic) {
    const customer = `c-${1000 + Math.floor(this.#roll() * 400)}`
    const city = this.#of(CITIES)
    const lines = Array.from({ length: 1 + Math.floor(this.#roll() * 3) }, () => ({
      item: this.#of(GOODS), count: 1 + Math.floor(this.#roll() * 4), price: Math.round(this.#roll() * 9000) / 100,
    }))
    const total = Math.round(lines.reduce((sum, { count, price }) => sum + count * price, 0) * 100) / 100
    const bodies = {
      orders: () => ({ order: ++this.#numbers, customer, total, currency: 'EUR', lines, ship: { city, express: this.#roll() < 0.2 } }),
      payments: () => ({ order: this.#numbers, customer, amount: total, method: this.#of(['card', 'sepa', 'wallet']), ok: this.#roll() < 0.97 }),
      shipments: () => ({ order: this.#numbers - 30, parcel: `P${Math.floor(this.#roll() * 1e6)}`, city, state: this.#of(['packed', 'sent', 'delivered']) }),
      'stock-levels': () => ({ item: this.#of(GOODS), left: Math.floor(this.#roll() * 500) }),
      'page-views': () => ({ path: this.#of(['/', '/cart', '/search', '/item/17', '/item/204']), customer, ms: Math.floor(this.#roll() * 900) }),
    }
    const value = (bodies[topic] ?? (() => ({ customer, city, at: this.#numbers })))()
    return { key: customer, value: JSON.stringify(value), headers: topic === 'orders' ? { region: city.length < 4 ? 'kr' : 'eu', trace: `t-${this.#numbers}` } : undefined }
  }

  #batch(topic, count) {
    return { topic, messages: Array.from({ length: count }, () => this.#record(topic)) }
  }

  async open({ rounds = 30, everyMs = 250 } = {}) {
    const admin = this.#kafka.admin()
    await admin.connect()
    await admin.createTopics({
      waitForLeaders: true,
      topics: TOPICS.map(([topic, numPartitions, configs]) => ({
        topic, numPartitions, configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
      })),
    })
    await admin.disconnect()
    const producer = this.#kafka.producer()
    await producer.connect()
    const round = () => producer.sendBatch({ topicMessages: Object.entries(SHARE).map(([topic, share]) => this.#batch(topic, Math.ceil(share * (0.6 + this.#roll())))) })
    for (let i = 0; i < rounds; i++) await round()
    const timer = setInterval(() => void round().catch(() => {}), everyMs)
    this.#stop.push(() => (clearInterval(timer), producer.disconnect()))

    for (const name of ['billing-1', 'billing-2']) {
      const member = new Kcat(this.broker.bootstrap, 'billing', ['orders', 'payments'], name)
      this.#stop.push(() => member.stop())
    }
    await this.#group('shipping', ['orders', 'shipments'], 2)
    await this.#group('search-index', ['stock-levels', 'customers'], 1)
    await this.#group('recommendations', ['page-views'], 1, 60)
    await this.#group('fraud', ['payments'], 1, 15)
    this.#browsers()
  }

  /** Members that take so many ms for each record. */
  async #group(groupId, topics, members, slowMs = 0) {
    for (let i = 0; i < members; i++) {
      const consumer = this.#kafka.consumer({ groupId, sessionTimeout: 10_000, heartbeatInterval: 1000 })
      await consumer.connect()
      for (const topic of topics) await consumer.subscribe({ topic, fromBeginning: true })
      await consumer.run({
        autoCommitInterval: 500,
        autoCommitThreshold: 100,
        eachMessage: async () => {
          if (slowMs) await new Promise(resolve => setTimeout(resolve, slowMs))
        },
      })
      this.#stop.push(() => consumer.disconnect())
    }
  }

  /** Tabs of people: some that read along, and one that is a member beside those over TCP. */
  #browsers() {
    const read = async records => {
      for await (const record of records) void record
    }
    for (const [topic, options] of [['orders', {}], ['payments', { onLag: 'skip', skip: 1000 }], ['page-views', { onLag: 'conflate' }]]) {
      const client = new Millrace(this.broker.http, { WebSocket })
      void read(client.topic(topic).records(options))
      this.#stop.push(() => client.close())
    }
    const client = new Millrace(this.broker.http, { WebSocket })
    const group = client.group('billing', { topics: ['orders', 'payments'], instance: 'desk-3' })
    void (async () => {
      for await (const batch of group.batches()) await group.ack(batch.at(-1)).catch(() => {})
    })()
    this.#stop.push(() => client.close())
  }

  async close() {
    for (const stop of this.#stop.splice(0).reverse()) await stop()
  }
}
