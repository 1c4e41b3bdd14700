import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { script, settle } from './scripted.mjs'

const NODES = ['broker.test:8080', 'broker.test:8081', 'broker.test:8082']
const url = host => `ws://${host}/ws/v1`

/** A session on the first of three brokers. */
function connected(options = {}) {
  const server = script({ random: () => 0.5, ...options })
  server.client.connect()
  server.socket.open()
  server.socket.say({ op: 'nodes', nodes: NODES })
  return server
}

describe('several brokers', () => {
  it('dials another broker when its own is gone, and all of them before it waits longer', () => {
    const server = connected()
    const dialled = []
    for (let i = 0; i < 4; i++) {
      server.socket.drop()
      server.clock.advance(1000)
      dialled.push(server.socket.url)
    }
    assert.deepEqual(dialled.slice(0, 2).sort(), [url(NODES[1]), url(NODES[2])])
    assert.equal(dialled[2], url(NODES[0]))
    assert.notEqual(dialled[3], url(NODES[0]))
    assert.equal(server.sockets.length, 5)
  })

  it('goes on there with the positions of its subscriptions', async () => {
    const server = connected()
    const iterator = server.client.topic('orders').records({ from: 'earliest' })[Symbol.asyncIterator]()
    server.socket.ok('sub', { sub: 1, topics: { orders: { id: 'T', at: { 0: 0 }, end: { 0: 5 } } } })
    const first = iterator.next()
    server.socket.say({ op: 'rec', sub: 1, b: 9, t: 'orders', p: 0, e: 2, r: [{ o: 0, ts: 1, v: 1 }] })
    assert.equal((await first).value.o, 0)
    server.socket.drop()
    server.clock.advance(1000)
    server.socket.open()
    const again = server.socket.sent.find(frame => frame.op === 'sub')
    assert.deepEqual(again.from, { pos: { orders: { id: 'T', at: { 0: [1, 2] } } } })
    assert.equal(server.client.address, `http://${new URL(server.socket.url).host}`)
  })

  it('leaves one that says nothing where something was to come, for the first that opens a socket', () => {
    const server = connected()
    server.client.publish('orders', { v: 1 }).catch(() => {})
    server.clock.advance(8000 + 3000)
    assert.equal(server.socket.url, url(NODES[0]))
    server.clock.advance(3000)
    const other = server.socket.url
    assert.notEqual(other, url(NODES[0]))
    server.socket.open()
    server.clock.advance(3000)
    assert.equal(server.client.status.state, 'connecting')
    assert.equal(server.socket.url, other)
    assert.equal(server.sockets[0].closedWith, 4000)
  })

  it('gives up a broker that takes the connection and says nothing', () => {
    const server = connected()
    server.socket.drop()
    server.clock.advance(250)
    const silent = server.socket.url
    server.clock.advance(3000 + 250)
    assert.notEqual(server.socket.url, silent)
  })

  it('is more patient with the only broker that it knows, and dials it anew', () => {
    const server = script({ random: () => 0.5 })
    server.client.connect()
    server.clock.advance(14_000)
    assert.equal(server.sockets.length, 1)
    server.clock.advance(1000 + 250)
    assert.equal(server.sockets.length, 2)
  })

  it('moves to another broker when it is sent away', () => {
    const server = connected()
    server.socket.say({ op: 'goaway', afterMs: 0 })
    server.clock.advance(0)
    assert.notEqual(server.socket.url, url(NODES[0]))
  })

  it('fetches tickets from the broker that it dials', async () => {
    const asked = []
    const server = script({ random: () => 0.5, ticket: address => (asked.push(address), 'T') })
    server.client.connect()
    await settle()
    server.socket.open()
    server.socket.say({ op: 'nodes', nodes: NODES })
    server.socket.drop()
    server.clock.advance(1000)
    await settle()
    assert.deepEqual([asked[0], asked.length], ['http://broker.test:8080', 2])
    assert.notEqual(asked[1], asked[0])
  })

  it('forgets brokers that left', () => {
    const server = connected()
    server.socket.say({ op: 'nodes', nodes: [] })
    server.socket.drop()
    server.clock.advance(1000)
    assert.equal(server.socket.url, url(NODES[0]))
  })
})
