/**
 * Millrace in a browser tab, or in Node 20 and newer: one WebSocket that reads, publishes, joins groups and
 * watches. No dependencies. `millrace.d.ts` beside this file has the types.
 *
 *     import { Millrace } from '/client/millrace.js'
 *     const mr = new Millrace()
 *     for await (const record of mr.topic('orders').records({ from: 'end-100' })) console.log(record.o, record.v)
 *
 * It reconnects with growing, random pauses, goes on exactly after the last record that was handed out, and gives
 * credit back as records are consumed, so that a slow reader slows nobody but itself.
 */

const PROTOCOL = 'millrace.v1.json'
const FRAME_BYTES_MAX = 1 << 20
/** A subscription hears something every 20 s; after this without a frame the broker is asked whether it is there. */
const SILENCE_MS = 25_000
/** How long it may take to say so. */
const SIGN_MS = 10_000
/** Who awaits an answer, or was sent records, hears something in half of this. */
const EXPECTED_MS = 8000
/** How often it is tried whether a new socket opens where the old one says nothing. */
const BESIDE_MS = 3000
/** An open socket older than this was a good one: the next pause starts small again. */
const STEADY_MS = 5000
/** What may be sent ahead of a reader that does not say how much, and how many times that while it is far and keeps up. */
const CREDIT = { n: 256, bytes: 262_144 }
const CREDIT_GROWTH = 16
/** A way there and back below this needs no more. */
const FAR_MS = 10
/** The name of the list in a watched document, and what identifies an item of it. */
const KEYS = { topics: 'name', groups: 'group', brokers: 'id', sockets: 'id', partitions: 'partition', events: 'seq', reassignments: 'key' }

export class MillraceError extends Error {
  constructor(code, message, { retry = false, hint, closeCode } = {}) {
    super(message)
    this.name = 'MillraceError'
    Object.assign(this, { code, retry, hint, closeCode })
  }
}

const UNSURE = { retry: true, hint: 'it may have been done: look first, or make a repeat harmless' }

const notConnected = () => new MillraceError('DISCONNECTED', 'not connected, nothing was sent', { retry: true })

const answerError = frame => new MillraceError(frame.code, frame.msg, { retry: frame.retry, hint: frame.hint })

/** After these a new socket may do better. */
const mayReconnect = code => !(code >= 4500 && code <= 4999) && ![1000, 1002, 1003, 1007, 1008].includes(code)

/** Closes a socket whose session goes on at another: unlike 1000, which gives up places in groups. */
const MOVED = 4000

/** A dial that is not answered in this time is given up when there is another broker to try. */
const DIAL_MS = 3000

/** And when there is none: a broker that just starts may take a connection and forget it. */
const LONE_DIAL_MS = 15_000

/** Where the session lives: by default at the server that the page came from. */
function address(url) {
  const here = globalThis.location?.href
  const full = new URL(url ?? '/', here)
  full.protocol = full.protocol.replace(/^http/, 'ws')
  if (!url || full.pathname === '/') full.pathname = '/ws/v1'
  full.hash = ''
  return full.href
}

/** The HTTP address of the broker behind a session's address. */
const webAddress = url => new URL(url).origin.replace(/^ws/, 'http')

/** The socket, opened again when it went, here or at another broker; frames go to who they are for. */
class Link {
  status = { state: 'idle' }
  /** Subscriptions and watches: each new socket starts them again. */
  lasting = new Set()
  /** The same by the server's numbers for this socket. */
  subs = new Map()
  watches = new Map()
  listeners = { status: new Set(), error: new Set(), nodes: new Set() }
  #asked = new Map()
  #lastId = 0
  #failures = 0
  #leaving = false
  /** Other brokers of the cluster, as `host:port`; told by the one that is talked to. */
  #others = []
  /** Those that are still to be tried before all are tried again. */
  #round

  constructor(url, { ticket, WebSocket, backoff, silenceMs, random, timers } = {}) {
    this.url = this.home = address(url)
    this.ticket = ticket
    this.WebSocket = WebSocket ?? globalThis.WebSocket
    if (!this.WebSocket) throw new TypeError('this runtime has no WebSocket: give one, as that of ws, in the options')
    this.backoff = { minMs: 250, maxMs: 30_000, ...backoff }
    this.silenceMs = silenceMs ?? SILENCE_MS
    this.random = random ?? Math.random
    this.timers = timers ?? {
      now: () => Date.now(),
      setTimeout: (work, ms) => globalThis.setTimeout(work, ms),
      clearTimeout: timer => globalThis.clearTimeout(timer),
    }
    this.online = ({ type }) => (type === 'online' || !document.hidden) && this.#awake()
    globalThis.addEventListener?.('online', this.online)
    globalThis.document?.addEventListener('visibilitychange', this.online)
  }

  /** A name that nothing else has: what comes back under it, at this broker or another, is the same. */
  name() {
    return `page-${[1, 2].map(() => this.random().toString(36).slice(2)).join('')}`
  }

  emit(kind, value) {
    for (const listener of this.listeners[kind]) listener(value)
  }

  #become(status) {
    this.status = status
    this.emit('status', status)
  }

  /** Opens the socket unless it is open, being opened, or closed for good. */
  open(url = this.url) {
    if (['connecting', 'open', 'closed'].includes(this.status.state)) return
    this.timers.clearTimeout(this.timer)
    this.url = url
    this.#become({ state: 'connecting' })
    const attempt = (this.attempt = {})
    if (typeof this.ticket !== 'function') {
      const ticket = this.ticket
      this.ticket = undefined // a ticket is good for one socket
      this.#dial(url, ticket)
      return
    }
    const current = work => value => this.attempt === attempt && work(value)
    this.#ticket(
      current(ticket => this.#dial(url, ticket)),
      current(cause => this.#lost(cause.retry === false ? 4501 : 1006, `no ticket: ${cause.message}`)),
    )
  }

  #dial(url, ticket) {
    const socket = new this.WebSocket(url, ticket ? [PROTOCOL, `millrace.ticket.${ticket}`] : [PROTOCOL])
    this.socket = socket
    const current = work => event => this.socket === socket && work(event)
    // A broker that stands still takes the connection and says nothing.
    const patienceMs = this.#others.length ? DIAL_MS : LONE_DIAL_MS
    this.dialling = this.timers.setTimeout(() => this.#leave(1006, 'no answer'), patienceMs)
    socket.onopen = current(() => {
      this.timers.clearTimeout(this.dialling)
      this.openedMs = this.heardMs = this.timers.now()
      this.#listen()
      this.#become({ state: 'open' })
      for (const one of this.lasting) one.start()
      for (const asked of this.#asked.values()) if (!asked.sent) this.#send(asked)
    })
    socket.onmessage = current(event => {
      this.heardMs = this.timers.now()
      const frame = JSON.parse(event.data)
      // A heartbeat follows within 5 s.
      this.expecting = frame.op === 'rec' || frame.lag?.n > 0
      this.#receive(frame)
    })
    socket.onclose = current(event => this.#lost(event.code, event.reason))
    socket.onerror = () => {} // a close event follows and says why
  }

  /** A connection can die without a word, as when a laptop sleeps, and a broker can stand still. */
  #listen() {
    const { heardMs } = this
    const asked = this.#asked.values().next().value
    const expectedMs = this.expecting ? heardMs : asked ? Math.max(heardMs, asked.sentMs) : Infinity
    const leftMs = Math.min(heardMs + this.silenceMs, expectedMs + EXPECTED_MS) - this.timers.now()
    if (leftMs > 0) this.listening = this.timers.setTimeout(() => this.#listen(), Math.min(leftMs, EXPECTED_MS))
    else this.#askForSign()
  }

  /**
   * What was sent may arrive yet when the line comes back, so it is given up early only when a new socket opens
   * beside the old one, there or at another broker: then it is not the line that says nothing.
   */
  #askForSign() {
    const toSend = this.socket.bufferedAmount
    let tried = 0
    this.ask({ op: 'ping' }, () => {}, () => {})
    const askedMs = this.timers.now()
    const untilMs = Math.max(askedMs, this.heardMs + this.silenceMs) + Math.min(SIGN_MS, this.silenceMs)
    const look = () => {
      const nowMs = this.timers.now()
      // A large record on a slow line is still on its way, with the question behind it.
      if (this.socket.bufferedAmount < toSend) this.heardMs = nowMs
      const { isOpen, url } = this.beside ?? {}
      this.#endBeside()
      if (this.heardMs >= askedMs) return this.#listen()
      if (isOpen || nowMs >= untilMs) return this.#leave(1006, 'nothing was heard', isOpen && { at: url, pauseMs: 0 })
      this.#openBeside(tried++ % 2 ? this.#next() : this.url)
      wait()
    }
    const wait = () => {
      const waitMs = Math.min(BESIDE_MS, untilMs - this.timers.now())
      this.listening = this.timers.setTimeout(look, waitMs)
    }
    wait()
  }

  /** Opens a socket that is used for nothing; it needs no ticket for that. */
  #openBeside(url) {
    const beside = (this.beside = new this.WebSocket(url, [PROTOCOL]))
    beside.onopen = () => ((beside.isOpen = true), beside.close(MOVED))
    beside.onerror = () => {}
  }

  #endBeside() {
    this.beside?.close(MOVED)
    this.beside = undefined
  }

  /** The page is looked at again, or has a network again: what stood still meanwhile shows at once. */
  #awake() {
    if (this.status.state === 'waiting') return this.open()
    if (this.status.state !== 'open' || this.timers.now() - this.heardMs < BESIDE_MS || this.beside) return
    this.timers.clearTimeout(this.listening)
    this.#askForSign()
  }

  #leave(code, reason, how) {
    const { socket } = this
    this.#lost(code, reason, how)
    socket.close(MOVED)
  }

  /** The next broker to try: each of the others once before the one that was lost. */
  #next() {
    const home = new URL(this.home)
    const { host } = new URL(this.url)
    const all = [...new Set([...this.#others, home.host])].filter(other => other !== host)
    if (!all.length) return this.url
    if (!this.#round?.length) this.#round = [...all.sort(() => this.random() - 0.5), host]
    const next = this.#round.shift()
    if (next === host) return this.url
    if (next !== home.host) home.host = next
    return home.href
  }

  #lost(code, reason, { at = this.#next(), pauseMs } = {}) {
    const again = mayReconnect(code)
    if (this.openedMs !== undefined && this.timers.now() - this.openedMs >= STEADY_MS) this.#failures = 0
    const { minMs, maxMs } = this.backoff
    const rounds = Math.floor(this.#failures++ / (this.#others.length || 1))
    const retryInMs = pauseMs ?? Math.floor(this.random() * Math.min(maxMs, minMs * 2 ** rounds))
    this.#drop()
    const name = (/^([a-z-]+):/.exec(reason)?.[1] ?? `closed ${code}`).replace(/\W/g, '_').toUpperCase()
    const error = again
      ? new MillraceError('DISCONNECTED', `the connection went before the answer came: ${code} ${reason}`, UNSURE)
      : new MillraceError(name, `the server closed the session: ${code} ${reason}`, { closeCode: code })
    if (again) {
      this.timer = this.timers.setTimeout(() => this.open(at), retryInMs)
      this.#become({ state: 'waiting', retryInMs, code, reason })
    } else {
      this.#become({ state: 'closed', code, reason })
    }
    this.#failAsked(error)
    for (const one of [...this.lasting]) again ? one.cut() : one.end(error)
  }

  #drop() {
    const socket = this.socket
    this.socket = this.attempt = this.openedMs = this.wayMs = this.expecting = undefined
    this.#leaving = false
    this.timers.clearTimeout(this.timer)
    this.timers.clearTimeout(this.listening)
    this.timers.clearTimeout(this.dialling)
    this.#endBeside()
    this.subs.clear()
    this.watches.clear()
    return socket
  }

  #failAsked(error) {
    const asked = [...this.#asked.values()]
    this.#asked.clear()
    for (const one of asked) one.fail(one.sent || !error.retry ? error : notConnected())
  }

  close() {
    if (this.status.state === 'closed') return
    globalThis.removeEventListener?.('online', this.online)
    globalThis.document?.removeEventListener('visibilitychange', this.online)
    this.#drop()?.close(1000)
    this.#become({ state: 'closed', code: 1000, reason: 'closed by this client' })
    for (const one of [...this.lasting]) one.end()
    this.#failAsked(new MillraceError('CLOSED', 'this client was closed'))
  }

  /** Moves when no answer is awaited, at the latest when the server's time is up. */
  #goAway({ afterMs = 0, to }) {
    const move = () => this.#leave(4000, 'moved', { at: to ?? this.#next(), pauseMs: 0 })
    this.timer = this.timers.setTimeout(() => {
      if (this.#asked.size === 0) return move()
      this.#leaving = move
      this.timer = this.timers.setTimeout(move, afterMs / 2)
    }, Math.floor((this.random() * afterMs) / 2))
  }

  /** Sends a frame that is answered; before the first socket is open it waits for that one. */
  ask(frame, done, fail) {
    const { state, code, reason } = this.status
    if (state === 'closed') return fail(new MillraceError('CLOSED', `the session is closed: ${code} ${reason}`))
    if (state === 'waiting') return fail(notConnected())
    const id = ++this.#lastId
    const text = JSON.stringify({ op: frame.op, id, ...frame })
    if (text.length * 3 > FRAME_BYTES_MAX && new TextEncoder().encode(text).length > FRAME_BYTES_MAX) {
      const hint = 'publish larger records with a Kafka client'
      return fail(new MillraceError('MESSAGE_TOO_LARGE', 'the frame is larger than 1 MiB', { hint }))
    }
    const asked = { id, text, done, fail, sent: false }
    this.#asked.set(id, asked)
    if (state === 'open') this.#send(asked)
    else this.open()
  }

  #send(asked) {
    asked.sent = true
    asked.sentMs = this.timers.now()
    this.socket.send(asked.text)
  }

  /** Sends a frame that is not answered, if there is a socket. */
  tell(frame) {
    if (this.status.state === 'open') this.socket.send(JSON.stringify(frame))
  }

  #receive(frame) {
    if (frame.id !== undefined && (frame.op === 'ok' || frame.op === 'err')) {
      const asked = this.#asked.get(frame.id)
      this.#asked.delete(frame.id)
      const tookMs = this.timers.now() - asked?.sentMs
      if (!(tookMs > this.wayMs)) this.wayMs = tookMs
      if (frame.op === 'ok') asked?.done(frame)
      else asked?.fail(answerError(frame))
      if (this.#leaving && this.#asked.size === 0) this.#leaving()
      return
    }
    if (frame.watch !== undefined) return this.watches.get(frame.watch)?.receive(frame)
    if (frame.sub !== undefined) return this.subs.get(frame.sub)?.receive(frame)
    if (frame.op === 'goaway') this.#goAway(frame)
    else if (frame.op === 'nodes') this.#know(frame.nodes)
    else if (frame.op === 'expiring') this.#renew()
    else if (frame.op === 'err') this.emit('error', answerError(frame))
  }

  #know(nodes) {
    const { host } = new URL(this.url)
    this.#others = nodes.filter(node => node !== host)
    this.#round = undefined
    this.emit('nodes', nodes)
  }

  #renew() {
    if (typeof this.ticket !== 'function') return
    const failed = cause => this.emit('error', cause)
    this.#ticket(ticket => this.ask({ op: 'auth', ticket }, () => {}, failed), failed)
  }

  #ticket(done, failed) {
    Promise.resolve(webAddress(this.url)).then(this.ticket).then(done, failed)
  }
}

/** Records that keep coming. What was handed out counts as consumed: credit goes back, a new socket goes on there. */
class Subscription {
  lag
  ends
  #link
  #frame
  #credit
  /** How much may be sent ahead on this socket, how much of it is left, and how much of that while it is asked. */
  #window
  #left
  #probed
  #grows
  #queue = []
  #wants = []
  #owed = { n: 0, bytes: 0 }
  #at = {}
  #ids = {}
  #from
  #sub
  #skipping = 0
  #paused = false
  #over = false
  #failure
  #ready = {}

  constructor(link, frame, options = {}) {
    const { from, credit, signal } = options
    this.#link = link
    this.options = options
    this.#frame = frame
    this.#credit = { ...CREDIT, ...(typeof credit === 'number' ? { n: credit } : credit) }
    // Who wants the newest is not sent more ahead.
    this.#grows = credit === undefined && [undefined, 'wait'].includes(frame.onLag)
    this.#from = from
    /** The server's first answer: the topics with the offsets where reading starts and ends. */
    this.ready = new Promise((resolve, reject) => (this.#ready = { resolve, reject }))
    this.ready.catch(() => {}) // the iterator throws it as well
    if (signal?.aborted) return void this.end()
    signal?.addEventListener('abort', () => this.close(), { once: true })
    link.lasting.add(this)
    if (link.status.state === 'open') this.start()
    else if (link.status.state === 'closed') this.end(new MillraceError('CLOSED', 'the session is closed'))
    else link.open()
  }

  /** The place after the last record handed out: give it as `from` to go on there, also tomorrow, in another tab. */
  position() {
    const position = {}
    for (const [topic, at] of Object.entries(this.#at)) position[topic] = { id: this.#ids[topic], at: { ...at } }
    return position
  }

  /** Stops the flow, here and at the server, without losing the place. */
  pause() {
    this.#paused = true
    this.#tell({ op: 'pause' })
  }

  resume() {
    this.#paused = false
    this.#tell({ op: 'resume' })
    this.#pump()
  }

  /** Goes to another place: any word that `from` understands. Records of the old place are not handed out any more. */
  seek(to) {
    this.forget(() => true)
    this.#at = {}
    this.#from = to
    if (this.#sub === undefined) return Promise.resolve()
    this.#skipping++
    return new Promise((resolve, reject) => {
      const over = () => this.#skipping--
      this.#ask({ op: 'seek', to: place(to) }, answer => (over(), this.#placed(answer), resolve()), error => {
        over()
        // The next socket starts there.
        error.code === 'DISCONNECTED' ? resolve() : reject(error)
      })
    })
  }

  /** Ends the subscription; iterators finish. */
  close() {
    if (this.#over) return
    this.#tell({ op: 'unsub' })
    this.end()
  }

  /** An iterator over arrays: the records of one frame, which are of one partition. */
  batches() {
    return this.#iterate(true)
  }

  [Symbol.asyncIterator]() {
    return this.#iterate(false)
  }

  #iterate(whole) {
    return {
      next: () => new Promise((resolve, reject) => (this.#wants.push({ whole, resolve, reject }), this.#pump())),
      return: async value => (this.close(), { done: true, value }),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  // What follows is called by the link.

  start() {
    const begun = Object.keys(this.#at).length > 0 && this.#frame.mode !== 'group'
    const from = begun ? { pos: this.position() } : place(this.#from)
    const asked = { op: 'sub', ...this.#frame, from, credit: this.#credit }
    this.#window = { ...this.#credit }
    this.#left = { ...this.#credit }
    this.#link.ask(asked, answer => {
      if (this.#over) return this.#link.tell({ op: 'unsub', sub: answer.sub })
      this.#sub = answer.sub
      this.#link.subs.set(answer.sub, this)
      this.#placed(answer)
      if (this.#paused) this.#tell({ op: 'pause' })
      this.#ready.resolve(answer.topics)
    }, error => this.#refused(error))
  }

  receive(frame) {
    if (frame.op === 'rec') {
      const entry = { t: frame.t, p: frame.p, e: frame.e, r: frame.r, n: frame.r.length, b: frame.b, next: 0 }
      for (const left of [this.#left, this.#probed]) if (left) (left.n -= entry.n), (left.bytes -= entry.b)
      if (this.#skipping) return this.#settle(entry)
      this.#queue.push(entry)
      this.#pump()
    } else if (frame.op === 'gap') {
      if (this.#skipping) return
      this.#queue.push({ gap: frame, t: frame.t, p: frame.p })
      this.#pump()
    } else if (frame.op === 'hb') {
      this.lag = frame.lag
      this.ends = frame.end
      this.options.onProgress?.({ lag: frame.lag, end: frame.end })
    } else if (frame.op === 'err') {
      const error = answerError(frame)
      // One of several topics went: the others go on.
      if (this.#frame.topics.length > 1) return this.#link.emit('error', error)
      this.#link.subs.delete(this.#sub)
      this.cut()
      this.#refused(error)
    }
  }

  /** The socket went: what was not handed out will be read again. */
  cut() {
    this.#sub = this.#probed = undefined
    this.#queue = []
    this.#owed = { n: 0, bytes: 0 }
  }

  end(error) {
    if (this.#over) return
    this.#over = true
    this.#failure = error
    this.#link.lasting.delete(this)
    this.#link.subs.delete(this.#sub)
    if (!error) this.#queue = []
    this.#ready.reject?.(error ?? new MillraceError('CLOSED', 'the subscription was closed'))
    this.#pump()
  }

  /** Forgets what came of some partitions and was not handed out, and gives its credit back. */
  forget(gone) {
    const kept = []
    for (const entry of this.#queue) gone(entry.t, entry.p) ? this.#settle(entry) : kept.push(entry)
    this.#queue = kept
  }

  ask(frame) {
    return new Promise((resolve, reject) => this.#ask(frame, resolve, reject))
  }

  forgetPlace(topic, partition) {
    if (this.#at[topic]) delete this.#at[topic][partition]
  }

  #refused(error) {
    if (this.#over || error.code === 'DISCONNECTED') return
    if (!error.retry) return this.end(error)
    this.#link.emit('error', error)
    this.options.onWait?.(error)
    const { minMs } = this.#link.backoff
    const again = () => !this.#over && this.#sub === undefined && this.#link.status.state === 'open' && this.start()
    this.#link.timers.setTimeout(again, minMs + Math.floor(this.#link.random() * minMs * 4))
  }

  #placed({ topics = {} }) {
    for (const [topic, { id, at }] of Object.entries(topics)) {
      this.#ids[topic] = id
      if (this.#frame.mode === 'group' || !at) continue
      const known = (this.#at[topic] ??= {})
      for (const [partition, next] of Object.entries(at)) known[partition] ??= Array.isArray(next) ? next : [next, -1]
    }
  }

  #passed(topic, partition, next, epoch) {
    const at = (this.#at[topic] ??= {})
    at[partition] = [next, epoch ?? at[partition]?.[1] ?? -1]
  }

  #ask(frame, done, fail) {
    if (this.#sub === undefined) return fail(notConnected())
    this.#link.ask({ sub: this.#sub, ...frame }, done, fail)
  }

  #tell(frame) {
    if (this.#sub !== undefined) this.#link.tell({ ...frame, sub: this.#sub })
  }

  /** A frame was consumed: both halves of its cost go back, in few messages. */
  #settle(entry) {
    if (entry.gap) return
    const owed = this.#owed
    owed.n += entry.n
    owed.bytes += entry.b
    if (owed.n * 2 < this.#window.n && owed.bytes * 2 < this.#window.bytes) return
    this.#owed = { n: 0, bytes: 0 }
    this.#probe()
    this.#give(owed)
  }

  #give(credit) {
    this.#left.n += credit.n
    this.#left.bytes += credit.bytes
    this.#tell({ op: 'credit', ...credit })
  }

  /**
   * Asks, in front of a credit, whether the broker waits for it: the answer comes behind all that could be sent
   * without. If so, and neither the reader nor the line is slower, there is twice as much from then on.
   */
  #probe() {
    const { wayMs, timers } = this.#link
    const most = this.#window.n >= CREDIT.n * CREDIT_GROWTH
    if (!this.#grows || most || this.#probed || this.#sub === undefined || !(wayMs >= FAR_MS)) return
    const left = (this.#probed = { ...this.#left })
    const askedMs = timers.now()
    this.#link.ask({ op: 'ping' }, () => {
      if (this.#probed !== left) return
      this.#probed = undefined
      const isQueued = timers.now() - askedMs > 2 * this.#link.wayMs
      if ((left.n > 0 && left.bytes > 0) || isQueued || this.#queue.length > 0) return
      const more = this.#window
      this.#window = { n: more.n * 2, bytes: more.bytes * 2 }
      this.#give(more)
    }, () => {})
  }

  #pump() {
    while (this.#wants.length > 0) {
      const value = this.#paused && !this.#over ? undefined : this.#take(this.#wants[0].whole)
      if (value === undefined && !this.#over) return
      const { resolve, reject } = this.#wants.shift()
      const failure = this.#failure
      if (value !== undefined) resolve({ done: false, value })
      else if (failure) (this.#failure = undefined), reject(failure)
      else resolve({ done: true, value: undefined })
    }
  }

  #take(whole) {
    for (let entry; (entry = this.#queue[0]); ) {
      const { t, p, e } = entry
      if (entry.gap) {
        this.#queue.shift()
        this.#passed(t, p, entry.gap.to)
        const { from, to, why } = entry.gap
        this.options.onGap?.({ t, p, from, to, why })
        continue
      }
      const until = whole ? entry.n : entry.next + 1
      const records = entry.r.slice(entry.next, until).map(record => ({ t, p, e, ...record }))
      entry.next = until
      if (until >= entry.n) this.#queue.shift()
      if (records.length > 0) this.#passed(t, p, records.at(-1).o + 1, e)
      if (until >= entry.n) this.#settle(entry)
      if (records.length > 0) return whole ? records : records[0]
    }
  }
}

/** A member of a Kafka group, beside members over TCP. What it has processed it must `ack`, or it comes again. */
class Group extends Subscription {
  /** The partitions that are this member's now, by topic. */
  assignment = {}

  /** Commits up to and including a record, or a position, or all that was handed out; resolves when it is stored. */
  ack(what = this.position()) {
    const to = {}
    if (typeof what.o === 'number') to[what.t] = { [what.p]: what.o + 1 }
    else
      for (const [topic, value] of Object.entries(what)) {
        to[topic] = {}
        for (const [partition, next] of Object.entries(value.at ?? value)) to[topic][partition] = next[0] ?? next
      }
    return this.ask({ op: 'ack', to })
  }

  receive(frame) {
    if (frame.op === 'assign') {
      for (const [topic, added] of Object.entries(frame.add)) {
        const held = new Set([...(this.assignment[topic] ?? []), ...added])
        this.assignment[topic] = [...held].sort((a, b) => a - b)
      }
      this.options.onAssign?.(frame.add, { generation: frame.generation })
    } else if (frame.op === 'revoke') {
      this.#give(frame.drop)
      this.options.onRevoke?.(frame.drop, { withinMs: frame.withinMs, lost: false })
      this.#forgetPlaces(frame.drop)
    } else super.receive(frame)
  }

  cut() {
    super.cut()
    const lost = this.assignment
    this.assignment = {}
    this.#forgetPlaces(lost)
    if (Object.keys(lost).length > 0) this.options.onRevoke?.(lost, { withinMs: 0, lost: true })
  }

  #give(drop) {
    this.forget((topic, partition) => drop[topic]?.includes(partition))
    for (const [topic, partitions] of Object.entries(drop)) {
      const kept = (this.assignment[topic] ?? []).filter(partition => !partitions.includes(partition))
      if (kept.length > 0) this.assignment[topic] = kept
      else delete this.assignment[topic]
    }
  }

  #forgetPlaces(drop) {
    for (const [topic, partitions] of Object.entries(drop))
      for (const partition of partitions) this.forgetPlace(topic, partition)
  }
}

/** A document of the REST interface that stays true: changes come as deltas and are put in place here. */
class Watch {
  #link
  #path
  #options
  #onView
  #watch
  #items

  constructor(link, path, options, onView) {
    this.#link = link
    this.#path = path
    this.#options = options
    this.#onView = onView
    options.signal?.addEventListener('abort', () => this.close(), { once: true })
    if (options.signal?.aborted) return
    link.lasting.add(this)
    if (link.status.state === 'open') this.start()
    else link.open()
  }

  close() {
    if (this.#watch !== undefined) this.#link.tell({ op: 'unwatch', watch: this.#watch })
    this.end()
  }

  start() {
    const { everyMs } = this.#options
    this.#link.ask({ op: 'watch', path: this.#path, everyMs }, answer => {
      if (!this.#link.lasting.has(this)) return this.#link.tell({ op: 'unwatch', watch: answer.watch })
      this.#watch = answer.watch
      this.#link.watches.set(answer.watch, this)
    }, error => error.code === 'DISCONNECTED' || this.end(error))
  }

  receive(frame) {
    if (frame.op === 'err') {
      this.#link.watches.delete(this.#watch)
      return this.end(answerError(frame))
    }
    if (frame.full) this.#replace(frame.full)
    else if (frame.problem) {
      // The document is not there, or no longer; it may come back.
      this.view = this.#items = undefined
      return this.#fail(answerError({ ...frame.problem, msg: frame.problem.detail }))
    } else if (this.#items) this.#change(frame)
    else return
    this.#onView(this.view, frame)
  }

  #fail(error) {
    if (this.#options.onError) this.#options.onError(error)
    else this.#link.emit('error', error)
  }

  cut() {
    this.#watch = undefined
  }

  end(error) {
    this.#link.lasting.delete(this)
    this.#link.watches.delete(this.#watch)
    if (error) this.#fail(error)
  }

  #replace(full) {
    this.view = full
    const list = Object.keys(KEYS).find(name => Array.isArray(full[name]))
    if (!list) return void (this.#items = undefined)
    const key = KEYS[list]
    this.#items = { list, key, byKey: new Map(full[list].map(item => [String(item[key]), item])) }
  }

  #change({ set = [], drop = [] }) {
    const { list, key, byKey } = this.#items
    for (const item of set) byKey.set(String(item[key]), item)
    for (const gone of drop) byKey.delete(String(gone))
    const { keep = list === 'events' ? 1000 : Infinity } = this.#options
    this.view = { ...this.view, [list]: [...byKey.values()] }
    if (byKey.size <= keep) return
    const old = this.view[list].splice(0, byKey.size - keep)
    for (const item of old) byKey.delete(String(item[key]))
  }
}

class Topic {
  #client
  #read

  constructor(client, names, read) {
    this.names = names
    this.#client = client
    this.#read = read
  }

  records(options) {
    return this.#read(this.names, options)
  }

  batches(options) {
    return this.records(options).batches()
  }

  publish(record) {
    return this.#client.publish(this.names[0], record)
  }
}

/** One session with a broker. It connects with the first thing that is asked of it. */
export class Millrace {
  #link

  /** `url` is the broker's HTTP address; in a page it may be left out: the server that the page came from. */
  constructor(url, options) {
    this.#link = new Link(url, options)
  }

  /** `{state: 'idle' | 'connecting' | 'open' | 'waiting' | 'closed', retryInMs?, code?, reason?}` */
  get status() {
    return this.#link.status
  }

  /** The HTTP address of the broker that it talks to now, or tries next: another one after its own is gone. */
  get address() {
    return webAddress(this.#link.url)
  }

  /** Listens to `status`, `error` or `nodes` (the brokers' `host:port`); the result ends it. */
  on(kind, listener) {
    const listeners = this.#link.listeners[kind]
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Connects now: also ends a pause between two attempts. */
  connect() {
    this.#link.open()
  }

  /** Ends the session for good; what reads ends, what awaits an answer fails. */
  close() {
    this.#link.close()
  }

  topic(...names) {
    return new Topic(this, names, (topics, options = {}) => {
      const { partitions, value, onLag, skip } = options
      return new Subscription(this.#link, { topics, partitions, value, onLag, skip }, options)
    })
  }

  group(group, options) {
    const { topics, value, from = 'commit' } = options
    const seat = options.instance ? { instance: options.instance } : { instance: this.#link.name(), keep: 'cut' }
    const frame = { mode: 'group', group, ...seat, topics: [topics].flat(), value }
    return new Group(this.#link, frame, { ...options, from })
  }

  /**
   * Publishes one record and resolves with `{p, o, ts}` when it is stored. It is sent once: when the connection goes
   * before the answer, it fails with `retry: true`, and the caller decides.
   */
  async publish(topic, { k, v = null, h, p, acks } = {}) {
    const headers = h && !Array.isArray(h) ? Object.entries(h) : h
    const coded = headers?.map(([name, value]) => [name, bytes(value)])
    const frame = { op: 'pub', t: topic, k: bytes(k), v: bytes(v), h: coded, p, acks }
    const answer = await new Promise((resolve, reject) => this.#link.ask(frame, resolve, reject))
    return { p: answer.p, o: answer.o, ts: answer.ts }
  }

  /** Calls `onView(document, delta)` at once and after each change, until the result is closed. */
  watch(path, options, onView = options) {
    return new Watch(this.#link, path, typeof options === 'function' ? {} : options ?? {}, onView)
  }
}

/** A position is told from the words by being an object. */
const place = from => (from && typeof from === 'object' ? { pos: from } : from)

function bytes(value) {
  if (value instanceof ArrayBuffer) value = new Uint8Array(value)
  if (!(value instanceof Uint8Array)) return value
  let text = ''
  for (const one of value) text += String.fromCharCode(one)
  return { b64: btoa(text) }
}
