import { Millrace } from '../millrace.js'

/** A clock that stands still until it is moved. */
export class Clock {
  #nowMs = 0
  #timers = new Map()
  #lastId = 0

  now() {
    return this.#nowMs
  }

  setTimeout(work, ms) {
    this.#timers.set(++this.#lastId, { work, atMs: this.#nowMs + ms })
    return this.#lastId
  }

  clearTimeout(id) {
    this.#timers.delete(id)
  }

  advance(ms) {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.atMs <= untilMs).sort((a, b) => a[1].atMs - b[1].atMs)[0]
      if (!due) break
      this.#timers.delete(due[0])
      this.#nowMs = Math.max(this.#nowMs, due[1].atMs)
      due[1].work()
    }
    this.#nowMs = untilMs
  }

  get waiting() {
    return this.#timers.size
  }
}

/** A server whose every word a test writes: `server.socket` is the newest connection. */
export function script(options = {}) {
  const sockets = []
  class ScriptedSocket {
    sent = []
    bufferedAmount = 0
    closedWith = undefined

    constructor(url, protocols) {
      this.url = url
      this.protocols = protocols
      sockets.push(this)
    }

    send(text) {
      this.sent.push(JSON.parse(text))
    }

    close(code) {
      this.closedWith = code
    }

    // What the server does.

    open() {
      this.onopen({})
    }

    say(...frames) {
      for (const frame of frames) this.onmessage({ data: JSON.stringify(frame) })
    }

    drop(code = 1006, reason = '') {
      this.onclose({ code, reason })
    }

    /** The frames of one operation that the client sent. */
    heard(op) {
      return this.sent.filter(frame => frame.op === op)
    }

    /** Answers the newest frame of an operation. */
    ok(op, answer = {}) {
      const asked = this.heard(op).at(-1)
      this.say({ op: 'ok', id: asked.id, ...answer })
      return asked
    }
  }
  const clock = new Clock()
  const client = new Millrace('http://broker.test:8080', {
    WebSocket: ScriptedSocket,
    random: () => 0.5,
    timers: clock,
    ...options,
  })
  return {
    client,
    clock,
    sockets,
    get socket() {
      return sockets.at(-1)
    },
  }
}

/** The answer to `sub` for one topic with one partition. */
export const subscribed = (sub, at = 0, topic = 'orders') => ({
  sub,
  topics: { [topic]: { id: 'topic-id', at: { 0: at }, end: { 0: at } } },
})

/** A `rec` frame of records with these offsets. */
export function records(sub, offsets, { t = 'orders', p = 0, e = 4, b = 100, ...more } = {}) {
  return { op: 'rec', sub, b, t, p, e, r: offsets.map(o => ({ o, ts: 1000 + o, k: null, v: `v${o}`, ...more })) }
}

/** The next records of an iterator. */
export async function take(iterator, count) {
  const taken = []
  while (taken.length < count) {
    const { done, value } = await iterator.next()
    if (done) break
    taken.push(value)
  }
  return taken
}

export const offsets = taken => taken.map(record => record.o)

/** Lets promises that can settle do so. */
export const settle = () => new Promise(resolve => setImmediate(resolve))
