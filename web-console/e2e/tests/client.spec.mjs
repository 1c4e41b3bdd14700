// millrace.js as a page uses it: served by the broker, run by Chromium, beside Kafka clients over TCP.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { Kcat } from '../lib/kcat.mjs'
import { Line } from '../lib/line.mjs'
import { expect, test } from '../lib/test.mjs'
import { until } from '../lib/until.mjs'

const LONG = process.env.LONG === '1'

/** A tab at the broker, with a client as `mr` and the records of readers in `read`. */
async function tab(context, broker) {
  const page = await context.newPage()
  await page.goto(`${broker.http}/livez`)
  await page.evaluate(async () => {
    const { Millrace } = await import('/client/millrace.js')
    Object.assign(window, { Millrace, mr: new Millrace(), read: {}, statuses: [] })
    mr.on('status', status => statuses.push(status.state))
  })
  return page
}

/** Starts a reader in a tab; its records are in `read[name]` with what a test compares. */
function startReading(page, name, topic, options = {}) {
  return page.evaluate(
    async ([name, topic, options]) => {
      const subscription = mr.topic(topic).records({ from: 'earliest', ...options })
      const records = (read[name] = [])
      void (async () => {
        for await (const { p, o, k, v, h, del } of subscription) records.push({ p, o, k, v, h, del })
      })()
      await subscription.ready
    },
    [name, topic, options],
  )
}

const countRead = (page, name) => page.evaluate(name => read[name].length, name)
const allRead = (page, name) => page.evaluate(name => read[name], name)

test.describe('the client module in a tab', () => {
  let page
  test.beforeEach(async ({ context, broker }) => {
    page = await tab(context, broker)
  })

  test('reads what Kafka clients wrote: JSON, Korean text, headers, bytes, tombstones', async ({ kafka }) => {
    await kafka.create('read', 1)
    await kafka.send('read', [
      { key: 'c-17', value: '{"total":120,"note":"서울로 배송"}', headers: { region: 'eu' } },
      { key: '키', value: '주문이 접수되었습니다' },
      { key: 'c-18', value: null },
      { value: Buffer.from([0, 255, 254]) },
    ])
    await startReading(page, 'all', 'read')
    await until(async () => (await countRead(page, 'all')) === 4)
    const read = await allRead(page, 'all')
    expect(read[0]).toMatchObject({ p: 0, o: 0, k: 'c-17', v: { total: 120, note: '서울로 배송' }, h: [['region', 'eu']] })
    expect(read[1]).toMatchObject({ k: '키', v: '주문이 접수되었습니다' })
    expect(read[2]).toMatchObject({ k: 'c-18', v: null, del: true })
    expect(read[3].v).toEqual({ b64: 'AP/+' })
  })

  test('publishes what a consumer over TCP receives', async ({ kafka }) => {
    await kafka.create('published', 1)
    const consumer = await kafka.consume('published')
    const published = await page.evaluate(async () => [
      await mr.publish('published', { k: 'c-1', v: { text: '안녕하세요' }, h: { region: 'kr' } }),
      await mr.publish('published', { k: 'c-1' }),
      await mr.publish('published', { v: new Uint8Array([0, 255]) }),
    ])
    expect(published.map(({ p, o }) => [p, o])).toEqual([[0, 0], [0, 1], [0, 2]])
    await until(() => consumer.received.length === 3)
    expect(consumer.received[0]).toMatchObject({ k: 'c-1', v: '{"text":"안녕하세요"}' })
    expect(consumer.received[0].h.region.toString()).toBe('kr')
    expect(consumer.received[1]).toMatchObject({ k: 'c-1', v: null })
  })

  test('keeps to a small credit, and reads all with it', async ({ kafka }) => {
    await kafka.create('credit', 1)
    for (let i = 0; i < 10; i++) await kafka.send('credit', Array.from({ length: 100 }, (_, n) => `값 ${i * 100 + n}`))
    await startReading(page, 'small', 'credit', { credit: { n: 1, bytes: 1 } })
    await until(async () => (await countRead(page, 'small')) === 1000)
    expect((await allRead(page, 'small')).map(({ v }) => v)).toEqual(Array.from({ length: 1000 }, (_, n) => `값 ${n}`))
  })

  test('refuses with a hint', async ({ kafka }) => {
    await kafka.create('orders-of-today', 1)
    const error = await page.evaluate(() =>
      mr.topic('orders-of-todai').records().ready.catch(({ code, hint, retry }) => ({ code, hint, retry })),
    )
    expect(error).toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION', retry: false })
    expect(error.hint).toContain('orders-of-today')
  })

  test('resumes at a position, after each record of a frame', async ({ kafka }) => {
    await kafka.create('resume', 1)
    await kafka.send('resume', Array.from({ length: 20 }, (_, n) => `r${n}`))
    const rests = await page.evaluate(async () => {
      const firstAfter = []
      for (let consumed = 1; consumed < 20; consumed++) {
        const first = mr.topic('resume').records({ from: 'earliest' })
        const records = first[Symbol.asyncIterator]()
        for (let i = 0; i < consumed; i++) await records.next()
        const position = first.position()
        first.close()
        const second = mr.topic('resume').records({ from: position })
        firstAfter.push((await second[Symbol.asyncIterator]().next()).value.o)
        second.close()
      }
      return firstAfter
    })
    expect(rests).toEqual(Array.from({ length: 19 }, (_, n) => n + 1))
  })

  test('shares a group with a member over TCP, and a reload does not rebalance', async ({ context, broker, kafka }) => {
    await kafka.create('shared', 4)
    const tcp = new Kcat(broker.bootstrap, 'shared-group', ['shared'])
    await until(() => tcp.assigned.length === 4, { what: 'the TCP member has all partitions' })
    const join = () =>
      page.evaluate(async () => {
        const got = (read.group = [])
        window.group = mr.group('shared-group', { topics: 'shared', instance: 'tab-7', from: 'earliest' })
        void (async () => {
          for await (const record of group) {
            got.push(record.v)
            await group.ack(record).catch(() => {})
          }
        })()
      })
    await join()
    await until(() => tcp.assigned.length === 2, { what: 'the TCP member gave up half' })
    await until(() => page.evaluate(() => group.assignment.shared?.length === 2), { what: 'the tab has half' })
    const send = from =>
      kafka.send('shared', Array.from({ length: 40 }, (_, n) => ({ partition: n % 4, value: String(from + n) })))
    await send(0)
    const received = async () => [...tcp.received.map(({ v }) => v), ...(await page.evaluate(() => read.group.map(String)))]
    await until(async () => (await received()).length >= 40, { what: 'all records arrived' })
    expect((await received()).map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n))
    expect(tcp.received.length).toBe(20)

    const before = tcp.rebalances
    await page.goto(`${broker.http}/livez`)
    await page.close()
    page = await tab(context, broker)
    await join()
    await until(() => page.evaluate(() => group.assignment.shared?.length === 2), { what: 'the tab has its place again' })
    await send(40)
    await until(async () => tcp.received.length === 40 && (await page.evaluate(() => read.group.length)) === 20, { what: 'both have their share' })
    expect(await page.evaluate(() => read.group.map(Number).sort((a, b) => a - b)[0])).toBeGreaterThanOrEqual(40)
    expect(tcp.rebalances).toBe(before)

    await page.evaluate(() => group.close())
    await until(() => tcp.assigned.length === 4, { what: 'the TCP member has all again' })
    await tcp.stop()
  })
})

test('a page of another origin gets nothing, unless it is trusted', async ({ broker }) => {
  const dial = (origin, protocols = ['millrace.v1.json']) =>
    new Promise(resolve => {
      const socket = new WebSocket(`${broker.http.replace('http', 'ws')}/ws/v1`, protocols, origin ? { origin } : {})
      socket.on('open', () => (socket.close(), resolve('open')))
      socket.on('error', error => resolve(error.message))
    })
  expect(await dial('http://evil.example')).toContain('403')
  expect(await dial(broker.http)).toBe('open')
  expect(await dial(undefined)).toBe('open')
  const refused = await fetch(`${broker.http}/api/v1/topics`, { method: 'POST', headers: { origin: 'http://evil.example', 'content-type': 'application/json' }, body: '{"name":"evil"}' })
  expect(refused.status).toBe(403)
})

test('a ticket is good once', async ({ broker }) => {
  const { ticket } = await broker.rest('POST', '/api/v1/tickets')
  const dial = () =>
    new Promise(resolve => {
      const socket = new WebSocket(`${broker.http.replace('http', 'ws')}/ws/v1`, ['millrace.v1.json', `millrace.ticket.${ticket}`])
      socket.on('open', () => (socket.close(), resolve(socket.protocol)))
      socket.on('error', error => resolve(error.message))
    })
  expect(await dial()).toBe('millrace.v1.json')
  expect(await dial()).toContain('401')
})

test('killing the broker and starting it again resumes every tab without loss or repeat', async ({ context, another }) => {
  const { broker, kafka } = await another('killed')
  await kafka.create('survive', 3)
  const pages = []
  for (let i = 0; i < 3; i++) pages.push(await tab(context, broker))
  for (const page of pages) for (const name of ['a', 'b']) await startReading(page, name, 'survive')
  let sent = 0
  const send = () => kafka.send('survive', Array.from({ length: 30 }, () => ({ partition: sent++ % 3, value: `v${sent}` })))
  let producing = true
  const producer = (async () => {
    while (producing) await send().catch(() => {})
  })()
  await until(async () => (await countRead(pages[0], 'a')) > 300, { what: 'records flow' })

  await broker.kill()
  await until(() => pages[0].evaluate(() => mr.status.state === 'waiting'), { what: 'the tab knows' })
  await broker.start()
  const before = await countRead(pages[0], 'a')
  await until(async () => (await countRead(pages[0], 'a')) > before + 300, { what: 'records flow again' })
  producing = false
  await producer

  const ends = await (await kafka.admin()).fetchTopicOffsets('survive')
  const total = ends.reduce((sum, { high }) => sum + Number(high), 0)
  for (const page of pages)
    for (const name of ['a', 'b']) {
      await until(async () => (await countRead(page, name)) >= total, { what: 'everything arrived' })
      const records = await allRead(page, name)
      for (const partition of [0, 1, 2]) {
        const offsets = records.filter(({ p }) => p === partition).map(({ o }) => o)
        expect(offsets).toEqual(offsets.map((_, n) => n))
      }
      expect(records.length).toBe(total)
    }
})

test('a tab that stops reading costs the broker nothing, then reads on complete and in order', async ({ context, broker, kafka }) => {
  test.setTimeout(LONG ? 180_000 : 60_000)
  const stallMs = LONG ? 60_000 : 5_000
  await kafka.create('stall', 1)
  const [stalled, lively] = [await tab(context, broker), await tab(await context.browser().newContext(), broker)]
  for (const page of [stalled, lively]) await startReading(page, 'stall', 'stall')
  const line = 'x'.repeat(1000)
  const send = (from, count) => kafka.send('stall', Array.from({ length: count }, (_, n) => `${from + n} ${line}`))
  await send(0, 1000)
  await until(async () => (await countRead(stalled, 'stall')) === 1000 && (await countRead(lively, 'stall')) === 1000)

  const memoryBefore = broker.memory()
  // The tab's only thread is busy: nothing of it reads, neither the loop nor the socket.
  const busy = stalled.evaluate(ms => {
    for (const end = performance.now() + ms; performance.now() < end; );
  }, stallMs)
  let sent = 1000
  for (const end = Date.now() + stallMs - 1000; Date.now() < end && sent < 60_000; sent += 1000) {
    await send(sent, 1000)
    await until(async () => (await countRead(lively, 'stall')) === sent + 1000, { what: 'the other tab keeps up' })
  }
  const growth = broker.memory() - memoryBefore
  await busy
  expect(sent).toBeGreaterThan(3000)
  expect(growth).toBeLessThan(100e6)

  await until(async () => (await countRead(stalled, 'stall')) === sent, { what: 'the tab caught up' })
  const offsets = (await allRead(stalled, 'stall')).map(({ o }) => o)
  expect(offsets).toEqual(offsets.map((_, n) => n))
})

test('a page whose connection died without a word goes on at a new one, with nothing missing', async ({ context, broker, kafka }) => {
  await kafka.create('dead-line', 1)
  const line = await Line.to(broker)
  try {
    const page = await tab(context, { http: line.http })
    await startReading(page, 'all', 'dead-line')
    await kafka.send('dead-line', ['before'])
    await until(async () => (await countRead(page, 'all')) === 1, { what: 'it reads' })

    line.lose()
    await kafka.send('dead-line', ['after'])
    await until(async () => (await countRead(page, 'all')) === 2, { what: 'it reads again', withinMs: 25_000 })
    expect((await allRead(page, 'all')).map(({ v }) => v)).toEqual(['before', 'after'])
  } finally {
    line.close()
  }
})

test('the page of the documentation works as it is printed, from another origin that is trusted', async ({ context, another }) => {
  const markdown = readFileSync(new URL('../../../docs/browser.md', import.meta.url), 'utf8')
  const html = /```html\n([\s\S]*?)```/.exec(markdown)[1]
  expect(html.trim().split('\n').length).toBeLessThanOrEqual(21)
  let served = html
  const site = createServer((_, response) => response.setHeader('content-type', 'text/html').end(served))
  await once(site.listen(0, '127.0.0.1'), 'listening')
  const origin = `http://127.0.0.1:${site.address().port}`
  const { broker, kafka } = await another('documented', { 'http.origins': origin })
  await kafka.create('orders')
  served = html.replaceAll('http://localhost:8080', broker.http)

  const page = await context.newPage()
  await page.goto(origin)
  await expect(page.locator('#status')).toHaveText('open')
  await kafka.send('orders', ['{"text":"from Kafka"}'])
  await expect(page.locator('#orders li')).toHaveText(['0/0: from Kafka'])
  const consumer = await kafka.consume('orders')
  await page.locator('input').fill('두부 세 모')
  await page.locator('button').click()
  await expect(page.locator('#orders li')).toHaveText(['0/1: 두부 세 모', '0/0: from Kafka'])
  await until(() => consumer.received.some(({ v }) => v === '{"text":"두부 세 모"}'), { what: 'a consumer over TCP has it' })
  site.close()
})
