import { test as base } from '@playwright/test'
import { Broker } from './broker.mjs'
import { KafkaClient } from './kafka.mjs'

export { expect } from '@playwright/test'

/** One broker and one Kafka client for the tests of a worker, which take topics and groups of their own. */
export const test = base.extend({
  broker: [
    async ({}, use) => {
      const broker = await Broker.start('shared')
      await use(broker)
      await broker.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  kafka: [
    async ({ broker }, use) => {
      const kafka = new KafkaClient(broker.bootstrap)
      await use(kafka)
      await kafka.close()
    },
    { scope: 'worker' },
  ],
  /** Starts brokers of a test's own, with a client each; they end with the test, also with one that fails. */
  another: async ({}, use) => {
    const started = []
    await use(async (name, overrides) => {
      const broker = await Broker.start(name, overrides)
      const kafka = new KafkaClient(broker.bootstrap)
      started.push({ broker, kafka })
      return { broker, kafka }
    })
    for (const { broker, kafka } of started) {
      await kafka.close().catch(() => {})
      await broker.kill()
    }
  },
  baseURL: async ({ broker }, use) => use(broker.http),
})
