import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { script } from './scripted.mjs'

/** A watch of a path, answered as number 1, with the views that it gave. */
function watching(path, options = {}) {
  const server = script()
  const views = []
  const watch = server.client.watch(path, options, view => views.push(view))
  server.socket.open()
  server.socket.ok('watch', { watch: 1 })
  return { server, views, watch }
}

const view = delta => ({ op: 'view', watch: 1, ...delta })

describe('watching', () => {
  it('asks for the path and its pace', () => {
    const { id, ...asked } = watching('/api/v1/topics?q=or', { everyMs: 1000 }).server.socket.sent[0]
    assert.deepEqual(asked, { op: 'watch', path: '/api/v1/topics?q=or', everyMs: 1000 })
  })

  it('puts changed and new items in place, takes away what went, and keeps what is the same', () => {
    const { server, views } = watching('/api/v1/topics')
    server.socket.say(view({ full: { topics: [{ name: 'a', sizeBytes: 1 }, { name: 'b', sizeBytes: 2 }, { name: 'c', sizeBytes: 3 }] } }))
    server.socket.say(view({ set: [{ name: 'b', sizeBytes: 20 }, { name: 'd', sizeBytes: 4 }], drop: ['a'] }))
    assert.deepEqual(views[1].topics, [{ name: 'b', sizeBytes: 20 }, { name: 'c', sizeBytes: 3 }, { name: 'd', sizeBytes: 4 }])
    assert.equal(views[1].topics[1], views[0].topics[2])
    assert.notEqual(views[1], views[0])
  })

  it('knows numbers as keys whether they come as numbers or text', () => {
    const { server, views } = watching('/api/v1/brokers')
    server.socket.say(view({ full: { brokers: [{ id: 1 }, { id: 2 }] } }), view({ drop: ['1'] }), view({ drop: [2] }))
    assert.deepEqual(views.map(({ brokers }) => brokers.length), [2, 1, 0])
  })

  it('replaces single documents', () => {
    const { server, views } = watching('/api/v1/overview')
    server.socket.say(view({ full: { counts: { topics: 1 } } }), view({ full: { counts: { topics: 2 } } }))
    assert.deepEqual(views.map(({ counts }) => counts.topics), [1, 2])
  })

  it('keeps the newest events only', () => {
    const { server, views } = watching('/api/v1/events', { keep: 3 })
    server.socket.say(view({ full: { events: [{ seq: 1 }, { seq: 2 }] } }), view({ set: [{ seq: 3 }, { seq: 4 }] }), view({ set: [{ seq: 5 }] }))
    assert.deepEqual(views.at(-1).events.map(({ seq }) => seq), [3, 4, 5])
  })

  it('tells that a document is not there, and shows it when it comes', () => {
    const errors = []
    const { server, views } = watching('/api/v1/topics/orders', { onError: ({ code, message }) => errors.push([code, message]) })
    server.socket.say(view({ full: null, problem: { code: 'UNKNOWN_TOPIC_OR_PARTITION', detail: 'Topic orders does not exist.' } }))
    assert.deepEqual(errors, [['UNKNOWN_TOPIC_OR_PARTITION', 'Topic orders does not exist.']])
    server.socket.say(view({ full: { name: 'orders' } }))
    assert.deepEqual(views, [{ name: 'orders' }])
  })

  it('watches again on a new socket', () => {
    const { server, views } = watching('/api/v1/topics')
    server.socket.say(view({ full: { topics: [{ name: 'a' }] } }))
    server.socket.drop()
    server.clock.advance(30_000)
    server.socket.open()
    server.socket.ok('watch', { watch: 8 })
    server.socket.say({ op: 'view', watch: 8, full: { topics: [{ name: 'z' }] } })
    assert.deepEqual(views.at(-1), { topics: [{ name: 'z' }] })
  })

  it('stops when closed', () => {
    const { server, views, watch } = watching('/api/v1/topics')
    watch.close()
    assert.deepEqual(server.socket.heard('unwatch'), [{ op: 'unwatch', watch: 1 }])
    server.socket.say(view({ full: { topics: [] } }))
    assert.deepEqual(views, [])
  })

  it('tells who asked when the path cannot be watched', () => {
    const server = script()
    const errors = []
    server.client.watch('/api/v1/nothing', { onError: error => errors.push(error.code) }, () => {})
    server.socket.open()
    server.socket.say({ op: 'err', id: server.socket.sent[0].id, code: 'INVALID_REQUEST', retry: false, msg: 'no such path' })
    assert.deepEqual(errors, ['INVALID_REQUEST'])
  })
})
