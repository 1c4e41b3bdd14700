import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { records, script, settle, subscribed } from './scripted.mjs'

/** A client that wants to be connected, with what it said about itself. */
function connecting(options) {
  const server = script(options)
  const statuses = []
  server.client.on('status', status => statuses.push(status))
  server.client.topic('orders').records()
  return Object.assign(server, { statuses })
}

describe('a broker that says nothing', () => {
  const pings = server => server.sockets[0].heard('ping').length

  it('is asked, and kept when it answers', () => {
    const server = connecting({ silenceMs: 4000 })
    server.socket.open()
    server.clock.advance(4000)
    assert.equal(pings(server), 1)
    server.socket.ok('ping')
    server.clock.advance(4000)
    assert.equal(server.client.status.state, 'open')
    server.clock.advance(4000)
    assert.equal(pings(server), 2)
  })

  it('is left when it does not, also by a client that only watches', () => {
    const server = script({ silenceMs: 4000 })
    server.client.watch('/api/v1/overview', () => {})
    server.socket.open()
    // As in a browser: what is sent is counted until the kernel has it.
    server.socket.send = () => (server.socket.bufferedAmount += 20)
    server.clock.advance(4000)
    server.socket.bufferedAmount = 0
    server.clock.advance(4000)
    assert.equal(server.client.status.state, 'waiting')
    assert.equal(server.client.status.reason, 'nothing was heard')
  })

  it('is not asked while it has something to say', () => {
    const server = connecting({ silenceMs: 4000 })
    server.socket.open()
    for (let i = 0; i < 10; i++) {
      server.socket.say({ op: 'nodes', nodes: [] })
      server.clock.advance(3000)
    }
    assert.equal(pings(server), 0)
  })

  it('is waited for while a large record is on its way to it', () => {
    const server = connecting({ silenceMs: 4000 })
    server.socket.open()
    server.socket.bufferedAmount = 800_000
    server.clock.advance(4000)
    server.socket.bufferedAmount = 500_000
    server.clock.advance(4000)
    assert.equal(server.client.status.state, 'open')
  })
})

describe('a line that says nothing', () => {
  const kept = server => server.sockets[0].closedWith === undefined

  /** A reader, subscribed as number 1, that was sent a record. */
  function reading() {
    const server = connecting()
    server.socket.open()
    server.socket.ok('sub', subscribed(1))
    server.socket.say(records(1, [0]))
    return server
  }

  it('is left for a new socket that opens while the old one is silent, where something was to come', () => {
    const server = reading()
    server.clock.advance(8000)
    assert.equal(server.sockets[0].heard('ping').length, 1)
    server.clock.advance(3000)
    assert.deepEqual([server.sockets.length, server.socket.protocols], [2, ['millrace.v1.json']])
    server.socket.open()
    server.clock.advance(3000)
    assert.equal(server.sockets[0].closedWith, 4000)
    assert.equal(server.client.status.state, 'connecting')
    server.socket.open()
    assert.equal(server.socket.heard('sub').length, 1)
  })

  it('is waited for while no new socket opens either: what was sent may arrive yet', async () => {
    const server = reading()
    const published = server.client.publish('orders', { v: 1 })
    server.clock.advance(30_000)
    assert.ok(kept(server))
    server.sockets[0].say({ op: 'ok', id: server.sockets[0].heard('pub')[0].id, p: 0, o: 7, ts: 1 })
    assert.equal((await published).o, 7)
    server.clock.advance(3000)
    assert.ok(kept(server))
    assert.ok(server.sockets.slice(1).every(({ closedWith, sent }) => closedWith === 4000 && sent.length === 0))
  })

  it('is kept when the old socket speaks after the new one opened', () => {
    const server = reading()
    server.clock.advance(11_000)
    server.socket.open()
    server.sockets[0].ok('ping')
    server.clock.advance(3000)
    assert.ok(kept(server))
    assert.equal(server.client.status.state, 'open')
  })

  it('is suspected as soon while an answer is awaited', () => {
    const server = connecting()
    server.socket.open()
    server.socket.ok('sub', subscribed(1))
    server.clock.advance(10_000)
    server.client.publish('orders', { v: 1 }).catch(() => {})
    server.clock.advance(7999)
    assert.equal(server.socket.heard('ping').length, 0)
    server.clock.advance(1)
    assert.equal(server.socket.heard('ping').length, 1)
  })

  it('is looked at when the page is', () => {
    let look
    globalThis.document = { hidden: false, addEventListener: (kind, listener) => (look = () => listener({ type: kind })) }
    try {
      const server = connecting()
      server.socket.open()
      server.socket.ok('sub', subscribed(1))
      look()
      assert.equal(server.socket.heard('ping').length, 0)
      server.clock.advance(5000)
      document.hidden = true
      look()
      assert.equal(server.socket.heard('ping').length, 0)
      document.hidden = false
      look()
      assert.equal(server.socket.heard('ping').length, 1)
      server.socket.drop()
      look()
      assert.equal(server.client.status.state, 'connecting')
    } finally {
      delete globalThis.document
    }
  })
})

describe('connecting', () => {
  it('connects with the first thing that is asked', () => {
    const server = script()
    assert.equal(server.client.status.state, 'idle')
    assert.equal(server.sockets.length, 0)
    server.client.topic('orders').records()
    assert.equal(server.client.status.state, 'connecting')
    server.socket.open()
    assert.equal(server.client.status.state, 'open')
  })

  it('offers a fetched ticket as a protocol, a new one for each socket', async () => {
    let tickets = 0
    const server = connecting({ ticket: async () => `t${++tickets}` })
    await settle()
    assert.deepEqual(server.socket.protocols, ['millrace.v1.json', 'millrace.ticket.t1'])
    server.socket.drop()
    server.clock.advance(30_000)
    await settle()
    assert.deepEqual(server.socket.protocols, ['millrace.v1.json', 'millrace.ticket.t2'])
  })

  it('offers a given ticket once', () => {
    const server = connecting({ ticket: 'once' })
    assert.deepEqual(server.socket.protocols, ['millrace.v1.json', 'millrace.ticket.once'])
    server.socket.drop()
    server.clock.advance(30_000)
    assert.deepEqual(server.socket.protocols, ['millrace.v1.json'])
  })

  it('waits and tries again when no ticket is to be had', async () => {
    const server = connecting({ ticket: async () => { throw new Error('login is down') } })
    await settle()
    assert.equal(server.client.status.state, 'waiting')
    assert.equal(server.client.status.reason, 'no ticket: login is down')
  })

  it('renews its login in band', async () => {
    const server = connecting({ ticket: async () => 'fresh' })
    await settle()
    server.socket.open()
    server.socket.say({ op: 'expiring', inMs: 60_000 })
    await settle()
    assert.equal(server.socket.heard('auth')[0].ticket, 'fresh')
  })
})

describe('reconnecting', () => {
  for (const code of [1001, 1005, 1006, 1009, 1011, 1012, 1013, 4000, 4001, 4002, 4003, 4004, 4005, 4499])
    it(`comes back after ${code}`, () => {
      const server = connecting()
      server.socket.open()
      server.socket.drop(code, 'drained: going')
      assert.deepEqual(server.client.status, { state: 'waiting', retryInMs: 125, code, reason: 'drained: going' })
      server.clock.advance(125)
      assert.equal(server.sockets.length, 2)
    })

  for (const code of [1000, 1002, 1008, 4500, 4501, 4503, 4504, 4505, 4506, 4507, 4508, 4509, 4999])
    it(`stays away after ${code}`, async () => {
      const server = connecting()
      const iterator = server.client.topic('orders').records()[Symbol.asyncIterator]()
      server.socket.open()
      server.socket.drop(code, 'some-error: words')
      assert.deepEqual(server.client.status, { state: 'closed', code, reason: 'some-error: words' })
      await assert.rejects(iterator.next(), { code: 'SOME_ERROR', closeCode: code })
      assert.equal(server.clock.waiting, 0)
    })

  it('names the code when the server gave no reason', async () => {
    const server = connecting()
    const iterator = server.client.topic('orders').records()[Symbol.asyncIterator]()
    server.socket.drop(4500)
    await assert.rejects(iterator.next(), { code: 'CLOSED_4500' })
  })

  it('waits between nothing and a bound that doubles up to 30 s', () => {
    for (const random of [0, 0.25, 0.999999]) {
      const server = connecting({ random: () => random })
      const bounds = []
      for (let failure = 0; failure < 12; failure++) {
        server.socket.drop()
        const { retryInMs } = server.client.status
        bounds.push(Math.min(30_000, 250 * 2 ** failure))
        assert.equal(retryInMs, Math.floor(random * bounds[failure]))
        server.clock.advance(retryInMs)
      }
      assert.equal(bounds.at(-1), 30_000)
      assert.equal(server.sockets.length, 13)
    }
  })

  it('starts small again after a socket that lasted', () => {
    const server = connecting()
    for (let failure = 0; failure < 6; failure++) {
      server.socket.drop()
      server.clock.advance(server.client.status.retryInMs)
    }
    server.socket.open()
    server.clock.advance(5000)
    server.socket.drop()
    assert.equal(server.client.status.retryInMs, 125)
  })

  it('goes on growing when sockets open and fall at once', () => {
    const server = connecting()
    const waits = []
    for (let failure = 0; failure < 4; failure++) {
      server.socket.open()
      server.socket.drop(1013)
      waits.push(server.client.status.retryInMs)
      server.clock.advance(waits.at(-1))
    }
    assert.deepEqual(waits, [125, 250, 500, 1000])
  })

  it('comes back at once when asked to', () => {
    const server = connecting()
    server.socket.drop()
    server.client.connect()
    assert.equal(server.sockets.length, 2)
    server.socket.open()
    server.socket.ok('sub', subscribed(1))
    server.clock.advance(20_000)
    assert.equal(server.sockets.length, 2)
  })

  it('tells each status once, in order', () => {
    const server = connecting()
    server.socket.open()
    server.socket.drop()
    server.clock.advance(125)
    server.socket.open()
    assert.deepEqual(server.statuses.map(status => status.state), ['connecting', 'open', 'waiting', 'connecting', 'open'])
  })

  it('takes a socket for dead that says nothing for half a minute and more, and no other', () => {
    const server = connecting()
    server.socket.open()
    server.socket.ok('sub', subscribed(1))
    for (let i = 0; i < 20; i++) {
      server.clock.advance(20_000)
      server.socket.say({ op: 'hb', sub: 1, lag: { n: 0, ms: 0 }, end: {} })
    }
    assert.equal(server.client.status.state, 'open')
    assert.equal(server.socket.heard('ping').length, 0)
    server.clock.advance(34_999)
    assert.equal(server.sockets[0].closedWith, undefined)
    server.clock.advance(1)
    assert.equal(server.sockets[0].closedWith, 4000)
    assert.equal(server.client.status.reason, 'nothing was heard')
  })

  it('does not hear an old socket', () => {
    const server = connecting()
    server.socket.open()
    server.socket.drop()
    server.clock.advance(125)
    server.sockets[0].drop(4500)
    assert.equal(server.client.status.state, 'connecting')
  })
})

describe('going away', () => {
  it('moves to the server it was told, within half of the time', () => {
    const server = connecting()
    server.socket.open()
    server.socket.ok('sub', subscribed(1))
    server.socket.say({ op: 'goaway', afterMs: 5000, to: 'wss://node2/ws/v1' })
    server.clock.advance(1250)
    assert.equal(server.sockets[0].closedWith, 4000)
    assert.equal(server.socket.url, 'wss://node2/ws/v1')
  })

  it('awaits answers first, as long as the server stays', async () => {
    const server = connecting()
    server.socket.open()
    server.socket.ok('sub', subscribed(1))
    const published = server.client.publish('orders', { v: 1 })
    server.socket.say({ op: 'goaway', afterMs: 5000 })
    server.clock.advance(1250)
    assert.equal(server.sockets.length, 1)
    server.socket.ok('pub', { p: 0, o: 7, ts: 1 })
    assert.equal((await published).o, 7)
    server.clock.advance(0)
    assert.equal(server.sockets.length, 2)
  })

  it('goes home when the other server is not there', () => {
    const server = connecting()
    server.socket.open()
    server.socket.say({ op: 'goaway', afterMs: 0, to: 'wss://node2/ws/v1' })
    server.clock.advance(5000)
    server.socket.drop()
    server.clock.advance(30_000)
    assert.equal(server.socket.url, 'ws://broker.test:8080/ws/v1')
  })
})

describe('closing', () => {
  it('ends loops, fails what is awaited and stays closed', async () => {
    const server = connecting()
    const iterator = server.client.topic('payments').records()[Symbol.asyncIterator]()
    server.socket.open()
    const awaited = iterator.next()
    const published = assert.rejects(server.client.publish('orders', { v: 1 }), { code: 'CLOSED', retry: false })
    server.client.close()
    assert.equal((await awaited).done, true)
    await published
    assert.equal(server.socket.closedWith, 1000)
    server.clock.advance(60_000)
    assert.equal(server.sockets.length, 1)
    await assert.rejects(server.client.publish('orders', { v: 1 }), { code: 'CLOSED' })
  })
})
