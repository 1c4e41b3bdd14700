import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { offsets, records, script, settle, subscribed, take } from './scripted.mjs'

/** A client that reads `orders`, subscribed as number 1. */
function reading(options, at = 0) {
  const server = script()
  const subscription = server.client.topic('orders').records(options)
  server.socket.open()
  server.socket.ok('sub', subscribed(1, at))
  return { server, subscription, records: subscription[Symbol.asyncIterator]() }
}

describe('reading', () => {
  it('connects to the session address with the protocol', () => {
    const { socket } = reading().server
    assert.equal(socket.url, 'ws://broker.test:8080/ws/v1')
    assert.deepEqual(socket.protocols, ['millrace.v1.json'])
  })

  it('asks for what the options say', () => {
    const { socket } = reading({ from: 'end-10', partitions: [1, 3], value: 'text', onLag: 'skip', skip: 500, credit: 64 }).server
    const { id, ...asked } = socket.sent[0]
    assert.deepEqual(asked, {
      op: 'sub', topics: ['orders'], partitions: [1, 3], value: 'text', onLag: 'skip', skip: 500, from: 'end-10',
      credit: { n: 64, bytes: 262144 },
    })
  })

  it('hands out records one by one with topic, partition and epoch', async () => {
    const { server, records: iterator } = reading()
    server.socket.say(records(1, [0, 1], { p: 2 }), records(1, [7], { p: 1 }))
    const taken = await take(iterator, 3)
    assert.deepEqual(taken[0], { t: 'orders', p: 2, e: 4, o: 0, ts: 1000, k: null, v: 'v0' })
    assert.deepEqual(taken.map(({ p, o }) => [p, o]), [[2, 0], [2, 1], [1, 7]])
  })

  it('hands out a record that arrives while it is awaited', async () => {
    const { server, records: iterator } = reading()
    const awaited = iterator.next()
    server.socket.say(records(1, [5]))
    assert.equal((await awaited).value.o, 5)
  })

  it('hands out batches as they arrived, and the rest of one that was begun', async () => {
    const { server, subscription, records: iterator } = reading()
    server.socket.say(records(1, [0, 1, 2]), records(1, [3, 4]))
    await iterator.next()
    assert.deepEqual((await take(subscription.batches(), 2)).map(offsets), [[1, 2], [3, 4]])
  })

  it('unsubscribes when the loop is left', async () => {
    const { server, subscription } = reading()
    server.socket.say(records(1, [0, 1]))
    for await (const record of subscription) if (record.o === 0) break
    assert.deepEqual(server.socket.heard('unsub'), [{ op: 'unsub', sub: 1 }])
  })

  it('ends the loop when its signal aborts', async () => {
    const stop = new AbortController()
    const { server, records: iterator } = reading({ signal: stop.signal })
    const awaited = iterator.next()
    stop.abort()
    assert.equal((await awaited).done, true)
    assert.equal(server.socket.heard('unsub').length, 1)
  })

  it('throws what the server refused, with its hint', async () => {
    const server = script()
    const iterator = server.client.topic('ordes').records()[Symbol.asyncIterator]()
    server.socket.open()
    const { id } = server.socket.sent[0]
    server.socket.say({ op: 'err', id, code: 'UNKNOWN_TOPIC_OR_PARTITION', retry: false, msg: 'topic ordes does not exist', hint: 'did you mean orders' })
    await assert.rejects(iterator.next(), { code: 'UNKNOWN_TOPIC_OR_PARTITION', hint: 'did you mean orders' })
    assert.equal((await iterator.next()).done, true)
  })

  it('throws when its topic went, but goes on with others that it has', async () => {
    const gone = { op: 'err', sub: 1, code: 'UNKNOWN_TOPIC_OR_PARTITION', retry: false, msg: 'Topic orders was deleted.' }
    const { server, records: alone } = reading()
    server.socket.say(gone)
    await assert.rejects(alone.next(), { code: 'UNKNOWN_TOPIC_OR_PARTITION' })

    const other = script()
    const errors = []
    other.client.on('error', error => errors.push(error.message))
    const both = other.client.topic('orders', 'payments').records()[Symbol.asyncIterator]()
    other.socket.open()
    other.socket.ok('sub', subscribed(1))
    other.socket.say(gone, records(1, [0], { t: 'payments' }))
    assert.deepEqual((await take(both, 1)).map(({ t }) => t), ['payments'])
    assert.deepEqual(errors, ['Topic orders was deleted.'])
  })

  it('asks again after a pause when the server said that this may help', async () => {
    const server = script()
    const waits = []
    server.client.topic('orders').records({ onWait: error => waits.push(error.message) })
    server.socket.open()
    server.socket.say({ op: 'err', id: server.socket.sent[0].id, code: 'LEADER_NOT_AVAILABLE', retry: true, msg: 'electing' })
    assert.deepEqual(waits, ['electing'])
    assert.equal(server.socket.heard('sub').length, 1)
    server.clock.advance(2000)
    assert.equal(server.socket.heard('sub').length, 2)
  })

  it('tells lag and ends as the server does', () => {
    const told = []
    const { server, subscription } = reading({ onProgress: progress => told.push(progress) })
    const progress = { lag: { n: 40, ms: 350 }, end: { orders: { 0: 158 } } }
    server.socket.say({ op: 'hb', sub: 1, ...progress })
    assert.deepEqual(told, [progress])
    assert.deepEqual(subscription.lag, { n: 40, ms: 350 })
  })
})

describe('credit', () => {
  const credits = server => server.socket.heard('credit').map(({ n, bytes }) => ({ n, bytes }))

  it('goes back as records and bytes when half of it was consumed', async () => {
    const { server, records: iterator } = reading({ credit: { n: 4, bytes: 1000 } })
    server.socket.say(records(1, [0], { b: 70 }), records(1, [1], { b: 80 }), records(1, [2], { b: 90 }))
    await take(iterator, 1)
    assert.deepEqual(credits(server), [])
    await take(iterator, 1)
    assert.deepEqual(credits(server), [{ n: 2, bytes: 150 }])
  })

  it('goes back when half of the bytes were consumed, though few records were', async () => {
    const { server, records: iterator } = reading({ credit: { n: 100, bytes: 1000 } })
    server.socket.say(records(1, [0], { b: 4000 }))
    await take(iterator, 1)
    assert.deepEqual(credits(server), [{ n: 1, bytes: 4000 }])
  })

  it('waits for the last record of a frame', async () => {
    const { server, records: iterator } = reading({ credit: { n: 1 } })
    server.socket.say(records(1, [0, 1, 2], { b: 300 }))
    await take(iterator, 2)
    assert.deepEqual(credits(server), [])
    await take(iterator, 1)
    assert.deepEqual(credits(server), [{ n: 3, bytes: 300 }])
  })

  it('is what the frame says it cost, also for Korean text', async () => {
    const { server, records: iterator } = reading({ credit: { n: 1 } })
    server.socket.say(records(1, [0], { b: 111, v: '주문이 접수되었습니다' }))
    await take(iterator, 1)
    assert.deepEqual(credits(server), [{ n: 1, bytes: 111 }])
  })

  it('adds up to what was sent, however it is consumed', async () => {
    const { server, records: iterator, subscription } = reading({ credit: { n: 10, bytes: 2000 } })
    const sent = { n: 0, bytes: 0 }
    for (let o = 0, size = 1; o < 200; o += size, size = 1 + ((o * 7) % 5)) {
      const b = 30 + ((o * 13) % 97)
      server.socket.say(records(1, Array.from({ length: size }, (_, i) => o + i), { b }))
      sent.n += size
      sent.bytes += b
    }
    await take(iterator, 50)
    const rest = subscription.batches()
    for (let left = sent.n - 50; left > 0; ) left -= (await rest.next()).value.length
    const back = credits(server).reduce((sum, { n, bytes }) => ({ n: sum.n + n, bytes: sum.bytes + bytes }), { n: 0, bytes: 0 })
    assert.ok(sent.n - back.n < 5 && sent.n >= back.n, `${back.n} of ${sent.n} records`)
    assert.ok(sent.bytes - back.bytes < 1000 && sent.bytes >= back.bytes, `${back.bytes} of ${sent.bytes} bytes`)
  })

  it('is not given by who does not read', async () => {
    const { server } = reading({ credit: { n: 1 } })
    server.socket.say(records(1, [0]), records(1, [1]))
    await settle()
    assert.deepEqual(credits(server), [])
  })
})

describe('credit of a reader that is far', () => {
  const half = 128
  const frame = from => records(1, Array.from({ length: half }, (_, i) => from + i), { b: 1000 })
  const credits = server => server.socket.heard('credit').map(({ n, bytes }) => ({ n, bytes }))
  const more = { n: 256, bytes: 262_144 }

  /** Reads at a broker whose first answer took so long. */
  function far(options, wayMs = 100) {
    const server = script()
    const subscription = server.client.topic('orders').records(options)
    server.socket.open()
    server.clock.advance(wayMs)
    server.socket.ok('sub', subscribed(1))
    return { server, batches: subscription.batches() }
  }

  /** Consumes half of a credit of 256, and the other half that was under way, unless `used` says that it was not. */
  async function consume({ server, batches }, { used = true, read = used, tookMs = 100 } = {}) {
    server.socket.say(frame(0))
    await take(batches, 1)
    if (used) server.socket.say(frame(half))
    if (read) await take(batches, 1)
    server.clock.advance(tookMs)
    if (server.socket.heard('ping').length > 0) server.socket.ok('ping')
  }

  it('grows when all was used up before the next credit came', async () => {
    const reader = far()
    await consume(reader)
    assert.deepEqual(credits(reader.server), [{ n: half, bytes: 1000 }, { n: half, bytes: 1000 }, more])
  })

  it('is asked about in front of the credit, so that the answer comes behind what could be sent without', async () => {
    const reader = far()
    await consume(reader)
    assert.deepEqual(reader.server.socket.sent.slice(1, 3).map(({ op }) => op), ['ping', 'credit'])
  })

  for (const [what, options, course, wayMs] of [
    ['some of it was left', {}, { used: false }],
    ['the reader does not keep up', {}, { read: false }],
    ['the answer was held up by a slow line', {}, { tookMs: 300 }],
    ['the broker is near', {}, {}, 5],
    ['its size was named', { credit: { n: 256 } }],
    ['the reader wants the newest', { onLag: 'conflate' }],
  ])
    it(`stays as it is when ${what}`, async () => {
      const reader = far(options, wayMs)
      await consume(reader, course)
      assert.ok(credits(reader.server).every(({ n }) => n === half), JSON.stringify(credits(reader.server)))
    })

  it('grows to sixteen times what it was, and no further', async () => {
    const { server, batches } = far()
    const ahead = () => credits(server).reduce((sum, { n }) => sum + n, 256) - sent
    let sent = 0
    for (let round = 0; round < 10; round++) {
      const asked = server.socket.heard('ping').length
      for (let left = ahead(); left > 0; left -= half) {
        server.socket.say(frame(sent))
        sent += half
        await take(batches, 1)
      }
      server.clock.advance(100)
      if (server.socket.heard('ping').length > asked) server.socket.ok('ping')
    }
    assert.equal(ahead(), 16 * 256)
  })

  it('begins small again on a new socket', async () => {
    const reader = far()
    const { server } = reader
    await consume(reader)
    server.socket.drop()
    server.clock.advance(30_000)
    server.socket.open()
    assert.deepEqual(server.socket.sent[0].credit, more)
    server.socket.ok('sub', subscribed(1, 256))
    server.socket.say(frame(256))
    await take(reader.batches, 1)
    assert.deepEqual(credits(server), [{ n: half, bytes: 1000 }])
  })
})

describe('resuming', () => {
  it('goes on after each record that was handed out, wherever the connection breaks', async () => {
    for (let consumed = 1; consumed <= 6; consumed++) {
      const { server, subscription, records: iterator } = reading({ from: 'earliest' }, 10)
      server.socket.say(records(1, [10, 11, 12]), records(1, [15, 16, 17], { e: 5 }))
      const before = await take(iterator, consumed)
      const next = before.at(-1).o + 1
      server.socket.drop()
      server.clock.advance(30_000)
      server.socket.open()
      const epoch = consumed > 3 ? 5 : 4
      assert.deepEqual(server.socket.sent[0].from, { pos: { orders: { id: 'topic-id', at: { 0: [next, epoch] } } } })
      server.socket.ok('sub', { ...subscribed(9, next), resumed: true })
      const rest = [10, 11, 12, 15, 16, 17].slice(consumed)
      server.socket.say(records(9, [...rest, 18]))
      assert.deepEqual(offsets(await take(iterator, rest.length + 1)), [...rest, 18])
      assert.equal(subscription.position().orders.at[0][0], 19)
    }
  })

  it('goes on from where it had begun when nothing was read yet', () => {
    const { server } = reading({ from: 'latest' }, 118)
    server.socket.drop()
    server.clock.advance(30_000)
    server.socket.open()
    assert.deepEqual(server.socket.sent[0].from, { pos: { orders: { id: 'topic-id', at: { 0: [118, -1] } } } })
  })

  it('gives full credit to the new socket', async () => {
    const { server, records: iterator } = reading({ credit: { n: 4, bytes: 1000 } })
    server.socket.say(records(1, [0]))
    await take(iterator, 1)
    server.socket.drop()
    server.clock.advance(30_000)
    server.socket.open()
    assert.deepEqual(server.socket.sent[0].credit, { n: 4, bytes: 1000 })
    server.socket.ok('sub', subscribed(1, 1))
    server.socket.say(records(1, [1]))
    await take(iterator, 1)
    assert.deepEqual(server.socket.heard('credit'), [])
  })

  it('takes a position from an earlier life', () => {
    const position = { orders: { id: 'topic-id', at: { 0: [119, 4] } } }
    const { server } = reading({ from: position })
    assert.deepEqual(server.socket.sent[0].from, { pos: position })
  })

  it('tells gaps in their place and goes on behind them', async () => {
    const gaps = []
    const { server, subscription, records: iterator } = reading({ onGap: gap => gaps.push(gap) })
    server.socket.say(
      records(1, [0]),
      { op: 'gap', sub: 1, t: 'orders', p: 0, from: 1, to: 240, why: 'retention' },
      records(1, [240]),
    )
    await take(iterator, 1)
    assert.deepEqual(gaps, [])
    await take(iterator, 1)
    assert.deepEqual(gaps, [{ t: 'orders', p: 0, from: 1, to: 240, why: 'retention' }])
    assert.deepEqual(subscription.position().orders.at[0], [241, 4])
  })

  it('throws when the topic is another one now', async () => {
    const { server, records: iterator } = reading()
    server.socket.drop()
    server.clock.advance(30_000)
    server.socket.open()
    server.socket.say({ op: 'err', id: server.socket.sent[0].id, code: 'INCONSISTENT_TOPIC_ID', retry: false, msg: 'orders was made again' })
    await assert.rejects(iterator.next(), { code: 'INCONSISTENT_TOPIC_ID' })
  })
})

describe('seeking and pausing', () => {
  it('hands out nothing of the old place after a seek, and pays for it', async () => {
    const { server, subscription, records: iterator } = reading({ credit: { n: 1 } })
    server.socket.say(records(1, [0, 1], { b: 50 }))
    const sought = subscription.seek('age:10m')
    assert.equal(server.socket.heard('seek')[0].to, 'age:10m')
    server.socket.say(records(1, [2], { b: 30 }))
    server.socket.ok('seek', subscribed(1, 500))
    await sought
    server.socket.say(records(1, [500]))
    assert.deepEqual(offsets(await take(iterator, 1)), [500])
    assert.deepEqual(server.socket.heard('credit').slice(0, 2).map(({ n, bytes }) => [n, bytes]), [[2, 50], [1, 30]])
  })

  it('starts a new socket at the place that was sought', () => {
    const { server, subscription } = reading()
    subscription.seek('earliest')
    server.socket.drop()
    server.clock.advance(30_000)
    server.socket.open()
    assert.equal(server.socket.sent[0].from, 'earliest')
  })

  it('holds records back while it is paused, also over a new socket', async () => {
    const { server, subscription, records: iterator } = reading()
    subscription.pause()
    server.socket.say(records(1, [0]))
    let handed = false
    const awaited = iterator.next().finally(() => (handed = true))
    await settle()
    assert.equal(handed, false)
    server.socket.drop()
    server.clock.advance(30_000)
    server.socket.open()
    server.socket.ok('sub', subscribed(2))
    assert.deepEqual(server.socket.heard('pause'), [{ op: 'pause', sub: 2 }])
    server.socket.say(records(2, [0]))
    subscription.resume()
    assert.equal((await awaited).value.o, 0)
  })
})
