// Three brokers: any of them serves everything, and a page that loses its own goes on at another.
import WebSocket from 'ws'
import { Millrace } from '../../client/millrace.js'
import { Cluster } from '../lib/cluster.mjs'
import { expect, test as base } from '../lib/test.mjs'
import { until } from '../lib/until.mjs'

const test = base.extend({
  cluster: [
    async ({}, use, info) => {
      const cluster = await Cluster.start(`cluster-${info.testId.slice(-6)}`)
      await use(cluster)
      await cluster.kill()
    },
    { timeout: 240_000 },
  ],
  /** A client of a broker, closed with the test. */
  client: async ({}, use) => {
    const clients = []
    await use(broker => {
      const client = new Millrace(broker.http, { WebSocket })
      clients.push(client)
      return client
    })
    clients.forEach(client => client.close())
  },
})

const PARTITIONS = 6

test.describe('three brokers', () => {
  test('any broker reads, publishes, and shows every group', async ({ cluster, client }) => {
    test.setTimeout(120_000)
    await cluster.create('orders', PARTITIONS, 2)
    const [, , third] = cluster.brokers
    const late = []
    const got = new Map()
    const subscription = client(third).topic('orders').records({ from: 'latest' })
    await subscription.ready
    void (async () => {
      for await (const { p, o, v } of subscription) {
        got.set(`${p}-${o}`, v.n)
        late.push(Date.now() - v.sentMs)
      }
    })()
    const sent = []
    for (let n = 0; n < 60; n++) {
      const broker = cluster.brokers[n % cluster.brokers.length]
      const { records } = await cluster.publish(broker, 'orders', n % PARTITIONS, { n, sentMs: Date.now() })
      sent.push(`${records[0].p}-${records[0].o}`)
    }
    await until(() => sent.every(place => got.has(place)), { what: 'all records came' })
    expect(got.size).toBe(sent.length)
    // A fetch that slept at the leader would cost half a second each.
    expect(late.sort((one, other) => one - other)[late.length >> 1]).toBeLessThan(250)
    const counts = await Promise.all(
      cluster.brokers.map(broker => broker.get('/api/v1/topics/orders/records?from=earliest&limit=1000')),
    )
    expect(counts.map(answer => answer.records.length)).toEqual([60, 60, 60])

    const group = client(cluster.brokers[0]).group('billing', { topics: ['orders'], instance: 'one' })
    void (async () => {
      for await (const record of group) void record
    })()
    for (const broker of cluster.brokers) {
      const state = async () => (await broker.get('/api/v1/groups/billing').catch(() => undefined))?.state
      await until(async () => (await state()) === 'Stable', { what: `${broker.name} shows the group`, withinMs: 60_000 })
    }
  })

  test('sockets and groups outlive the broker of their coordinator, in the same generation', async ({ cluster, client }) => {
    test.setTimeout(120_000)
    await cluster.create('orders', PARTITIONS, 3)
    const got = new Map()
    let twice = 0
    cluster.brokers.forEach((broker, i) => {
      const group = client(broker).group('billing', { topics: ['orders'], from: 'earliest', instance: `tab-${i}` })
      void (async () => {
        for await (const { p, o } of group) {
          twice += got.has(`${p}-${o}`) ? 1 : 0
          got.set(`${p}-${o}`, i)
        }
      })()
    })
    const shown = broker => broker.get('/api/v1/groups/billing').catch(() => undefined)
    const settled = group =>
      group?.state === 'Stable' &&
      group.membersList.length === 3 &&
      group.membersList.every(member => member.assigned.orders?.length === 2)
    const coordinator = await until(
      async () => {
        for (const broker of cluster.brokers) if (settled(await shown(broker))) return shown(broker)
      },
      { what: 'three members share the partitions', withinMs: 60_000 },
    )
    const dead = cluster.brokers[coordinator.coordinator - 1]
    const alive = cluster.brokers.filter(broker => broker !== dead)
    await dead.kill()
    const sent = []
    for (let n = 0; n < 60; n++) {
      const { records } = await cluster.publish(alive[n % 2], 'orders', n % PARTITIONS, { n })
      sent.push(`${records[0].p}-${records[0].o}`)
    }
    await until(() => sent.every(place => got.has(place)), { what: 'all records came', withinMs: 30_000 })
    expect(twice).toBe(0)
    const after = await until(async () => (await shown(alive[0])) ?? undefined, { what: 'the group is shown' })
    expect(after.generation).toBe(coordinator.generation)
    expect(after.membersList.map(member => member.instanceId).sort()).toEqual(['tab-0', 'tab-1', 'tab-2'])
  })

  test('the console goes on at another broker when its own is killed', async ({ cluster, page }) => {
    test.setTimeout(120_000)
    await cluster.create('orders', 1, 3)
    const [, own] = cluster.brokers
    const alive = cluster.brokers.filter(broker => broker !== own)
    await page.goto(`${own.http}/brokers`)
    const row = id => page.getByRole('row').filter({ has: page.getByRole('link', { name: String(id), exact: true }) })
    await expect(row(3)).toContainText('serving')
    await expect(page.getByText('Can lose 1 broker')).toBeVisible()
    await own.kill()
    await expect(row(2)).toContainText('not there', { timeout: 20_000 })
    await expect(page.getByText('Cannot lose a broker')).toBeVisible()
    // What the page asks over HTTP goes to the broker that it talks to now.
    await page.getByRole('button', { name: 'Rebalance…' }).click()
    await expect(page.getByRole('dialog')).toContainText(/Nothing has to move|Partition/)
    await cluster.sees(2, alive)
  })
})
