import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { script } from './scripted.mjs'

function connected() {
  const server = script()
  server.client.connect()
  server.socket.open()
  return server
}

describe('publishing', () => {
  it('resolves with where the record is', async () => {
    const server = connected()
    const published = server.client.publish('orders', { k: 'c-17', v: { total: 5 }, h: { region: 'eu' }, p: 1, acks: 'all' })
    const { id, ...asked } = server.socket.ok('pub', { p: 1, o: 241, ts: 1763640000100 })
    assert.deepEqual(asked, { op: 'pub', t: 'orders', k: 'c-17', v: { total: 5 }, h: [['region', 'eu']], p: 1, acks: 'all' })
    assert.deepEqual(await published, { p: 1, o: 241, ts: 1763640000100 })
  })

  it('sends bytes as base64 and nothing as a tombstone', () => {
    const server = connected()
    server.client.publish('orders', { k: new Uint8Array([0, 255]) }).catch(() => {})
    const { k, v } = server.socket.heard('pub')[0]
    assert.deepEqual(k, { b64: 'AP8=' })
    assert.equal(v, null)
  })

  it('tells answers apart that come in another order', async () => {
    const server = connected()
    const published = [1, 2, 3].map(v => server.client.publish('orders', { v }))
    for (const { id, v } of server.socket.heard('pub').reverse()) server.socket.say({ op: 'ok', id, p: 0, o: v * 10, ts: 0 })
    assert.deepEqual((await Promise.all(published)).map(({ o }) => o), [10, 20, 30])
  })

  it('fails with what the server refused', async () => {
    const server = connected()
    const published = server.client.publish('ordes', { v: 1 })
    server.socket.say({ op: 'err', id: server.socket.sent[0].id, code: 'UNKNOWN_TOPIC_OR_PARTITION', retry: false, msg: 'no', hint: 'orders?' })
    await assert.rejects(published, { code: 'UNKNOWN_TOPIC_OR_PARTITION', retry: false, hint: 'orders?' })
  })

  it('fails when the connection goes before the answer, and is not repeated', async () => {
    const server = connected()
    const published = server.client.publish('orders', { v: 1 })
    server.socket.drop()
    await assert.rejects(published, { code: 'DISCONNECTED', retry: true, message: /1006/ })
    server.clock.advance(30_000)
    server.socket.open()
    assert.deepEqual(server.socket.heard('pub'), [])
  })

  it('waits for the first socket, in order', () => {
    const server = script()
    for (const v of [1, 2, 3]) server.client.publish('orders', { v }).catch(() => {})
    server.socket.open()
    assert.deepEqual(server.socket.heard('pub').map(({ v }) => v), [1, 2, 3])
  })

  it('fails at once while there is no connection', async () => {
    const server = connected()
    server.socket.drop()
    await assert.rejects(server.client.publish('orders', { v: 1 }), { code: 'DISCONNECTED', retry: true, message: /nothing was sent/ })
  })

  it('refuses what the server would cut the connection for', async () => {
    const server = connected()
    await assert.rejects(server.client.publish('orders', { v: '한'.repeat(400_000) }), { code: 'MESSAGE_TOO_LARGE', retry: false })
    server.client.publish('orders', { v: 'x'.repeat(1_000_000) }).catch(() => {})
    assert.equal(server.socket.heard('pub').length, 1)
  })
})
