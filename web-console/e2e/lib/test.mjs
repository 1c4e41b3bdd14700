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
    { scope: 'worker', timeout: 90_000 },
  ],
  kafka: [
    async ({ broker }, use) => {
      const kafka = new KafkaClient(broker.bootstrap)
      await use(kafka)
      await kafka.close()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ broker }, use) => use(broker.http),
})
