import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { offsets, records, script, take } from './scripted.mjs'

/** A member of `billing`, subscribed as number 2, that writes down what it is told. */
function member(options = {}) {
  const server = script()
  const told = []
  const group = server.client.group('billing', {
    topics: 'orders',
    instance: 'tab-7',
    onAssign: (added, about) => told.push({ added, ...about }),
    onRevoke: (dropped, about) => told.push({ dropped, ...about }),
    ...options,
  })
  join(server)
  return { server, told, group, records: group[Symbol.asyncIterator]() }
}

function join(server) {
  server.socket.open()
  server.socket.ok('sub', { sub: 2, topics: { orders: { id: 'topic-id' } } })
}

describe('a group member', () => {
  it('joins with its instance, from what is committed', () => {
    const { id, ...asked } = member().server.socket.sent[0]
    assert.deepEqual(asked, {
      op: 'sub', mode: 'group', group: 'billing', instance: 'tab-7', topics: ['orders'], from: 'commit',
      credit: { n: 256, bytes: 262144 },
    })
  })

  it('has a place of its own without an instance, and takes it again with a new socket only', () => {
    const { server } = member({ instance: undefined })
    const [{ instance, keep }] = server.socket.sent
    assert.match(instance, /^page-\w+/)
    assert.equal(keep, 'cut')
    server.socket.drop()
    server.clock.advance(1000)
    server.socket.open()
    assert.equal(server.socket.sent[0].instance, instance)
  })

  it('tells what it was given and knows what it holds', () => {
    const { server, told, group } = member()
    server.socket.say({ op: 'assign', sub: 2, add: { orders: [0, 2] }, generation: 5 })
    server.socket.say({ op: 'assign', sub: 2, add: { orders: [1] }, generation: 6 })
    assert.deepEqual(told, [
      { added: { orders: [0, 2] }, generation: 5 },
      { added: { orders: [1] }, generation: 6 },
    ])
    assert.deepEqual(group.assignment, { orders: [0, 1, 2] })
  })

  it('commits a record, a position, or all that was handed out', async () => {
    const { server, group, records: iterator } = member()
    server.socket.say({ op: 'assign', sub: 2, add: { orders: [0, 1] }, generation: 5 })
    server.socket.say(records(2, [10, 11]), records(2, [70], { p: 1 }))
    const [first] = await take(iterator, 1)
    const acked = group.ack(first)
    assert.deepEqual(server.socket.ok('ack').to, { orders: { 0: 11 } })
    await acked
    await take(iterator, 2)
    group.ack().catch(() => {})
    assert.deepEqual(server.socket.ok('ack').to, { orders: { 0: 12, 1: 71 } })
    group.ack({ orders: { 1: 40 } }).catch(() => {})
    assert.deepEqual(server.socket.ok('ack').to, { orders: { 1: 40 } })
  })

  it('fails an ack that the group refuses', async () => {
    const { server, group } = member()
    const acked = group.ack({ orders: { 0: 1 } })
    server.socket.say({ op: 'err', id: server.socket.heard('ack')[0].id, code: 'ILLEGAL_GENERATION', retry: false, msg: 'too late' })
    await assert.rejects(acked, { code: 'ILLEGAL_GENERATION' })
  })

  it('hands out nothing more of revoked partitions, gives their credit back and keeps the others', async () => {
    const { server, told, group, records: iterator } = member({ credit: { n: 1 } })
    server.socket.say({ op: 'assign', sub: 2, add: { orders: [0, 1] }, generation: 5 })
    server.socket.say(records(2, [10, 11], { b: 60 }), records(2, [70], { p: 1 }))
    await take(iterator, 1)
    server.socket.say({ op: 'revoke', sub: 2, drop: { orders: [0] }, withinMs: 5000 })
    assert.deepEqual(told.at(-1), { dropped: { orders: [0] }, withinMs: 5000, lost: false })
    assert.deepEqual(group.assignment, { orders: [1] })
    assert.deepEqual(server.socket.heard('credit'), [{ op: 'credit', n: 2, bytes: 60, sub: 2 }])
    assert.deepEqual((await take(iterator, 1)).map(({ p, o }) => [p, o]), [[1, 70]])
  })

  it('can commit what it did while it is told of the revocation, and not by accident afterwards', async () => {
    const { server, group, records: iterator } = member({ onRevoke: () => group.ack().catch(() => {}) })
    server.socket.say({ op: 'assign', sub: 2, add: { orders: [0, 1] }, generation: 5 })
    server.socket.say(records(2, [10]), records(2, [70], { p: 1 }))
    await take(iterator, 2)
    server.socket.say({ op: 'revoke', sub: 2, drop: { orders: [0] }, withinMs: 5000 })
    assert.deepEqual(server.socket.ok('ack').to, { orders: { 0: 11, 1: 71 } })
    group.ack().catch(() => {})
    assert.deepEqual(server.socket.ok('ack').to, { orders: { 1: 71 } })
  })

  it('loses its partitions with the connection and joins again from what is committed', async () => {
    const { server, told, group, records: iterator } = member()
    server.socket.say({ op: 'assign', sub: 2, add: { orders: [0] }, generation: 5 })
    server.socket.say(records(2, [10, 11]))
    await take(iterator, 1)
    server.socket.drop(4004, 'FENCED_INSTANCE_ID')
    assert.deepEqual(told.at(-1), { dropped: { orders: [0] }, withinMs: 0, lost: true })
    assert.deepEqual(group.assignment, {})
    server.clock.advance(30_000)
    join(server)
    assert.equal(server.socket.sent[0].from, 'commit')
    server.socket.say({ op: 'assign', sub: 2, add: { orders: [0] }, generation: 6 })
    server.socket.say(records(2, [10]))
    assert.deepEqual(offsets(await take(iterator, 1)), [10])
  })

  it('fails an ack when the connection goes', async () => {
    const { server, group } = member()
    const acked = group.ack({ orders: { 0: 1 } })
    server.socket.drop()
    await assert.rejects(acked, { code: 'DISCONNECTED', retry: true })
    await assert.rejects(group.ack({ orders: { 0: 1 } }), { code: 'DISCONNECTED', retry: true })
  })
})
