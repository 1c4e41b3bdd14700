import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { until } from './until.mjs'

const HOME = fileURLToPath(new URL('../../..', import.meta.url))

/** Two ports that were free a moment ago. */
async function freePorts() {
  const servers = [createServer(), createServer()]
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
  const ports = servers.map(server => server.address().port)
  for (const server of servers) await once(server.close(), 'close')
  return ports
}

/** A real broker in a process of its own, on free ports, with its files below `target/e2e`. */
export class Broker {
  #child
  #overrides

  constructor(name, port, httpPort, overrides) {
    this.name = name
    this.folder = `${HOME}/target/e2e/${name}`
    this.bootstrap = `127.0.0.1:${port}`
    this.http = `http://127.0.0.1:${httpPort}`
    this.#overrides = {
      'log.dirs': `${this.folder}/data`,
      listeners: `PLAINTEXT://${this.bootstrap}`,
      'advertised.listeners': `PLAINTEXT://${this.bootstrap}`,
      'http.port': httpPort,
      'num.partitions': 1,
      ...overrides,
    }
  }

  /** `ports` is a Kafka port and an HTTP port; free ones unless given. */
  static async start(name, overrides = {}, ports) {
    const broker = new Broker(name, ...(ports ?? (await freePorts())), overrides)
    rmSync(broker.folder, { recursive: true, force: true })
    mkdirSync(broker.folder, { recursive: true })
    await broker.start()
    return broker
  }

  /** Starts it, again on the same ports and files after it was killed, and returns when it serves. */
  async start() {
    const words = Object.entries(this.#overrides).flatMap(([key, value]) => ['--override', `${key}=${value}`])
    const env = { ...process.env, KAFKA_HEAP_OPTS: '-Xms256m -Xmx256m', LOG_DIR: `${this.folder}/logs` }
    const child = spawn(`${HOME}/bin/millrace`, ['start', ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const log = createWriteStream(`${this.folder}/out.log`, { flags: 'a' })
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    this.#child = child
    // A checkout builds first when it has to.
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the broker did not start:\n${this.log()}`)
      const ready = (await fetch(`${this.http}/readyz`).catch(() => undefined))?.ok
      return ready && this.#accepts()
    }, { what: 'the broker serves', withinMs: 180_000 }).catch(async error => {
      await this.kill()
      throw error
    })
  }

  /** Whether Kafka's port takes connections. */
  async #accepts() {
    const [host, port] = this.bootstrap.split(':')
    const socket = connect(Number(port), host)
    const connected = await once(socket, 'connect').then(() => true, () => false)
    socket.destroy()
    return connected
  }

  get pid() {
    return this.#child.pid
  }

  /** What it said on its console. */
  log() {
    return readFileSync(`${this.folder}/out.log`, 'utf8')
  }

  /** Resident memory in bytes. */
  memory() {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8')
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)[1])
  }

  /** As a power cut would: no word of farewell. */
  kill() {
    return this.#end('SIGKILL')
  }

  stop() {
    return this.#end('SIGTERM')
  }

  async #end(signal) {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  /** A REST call; JSON in, JSON out; throws what the broker refused. */
  async rest(method, path, body, headers = {}) {
    const response = await fetch(this.http + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    const answer = text && /json/.test(response.headers.get('content-type')) ? JSON.parse(text) : text
    if (!response.ok) throw Object.assign(new Error(`${method} ${path}: ${response.status} ${text}`), { status: response.status, answer })
    return answer
  }

  get(path) {
    return this.rest('GET', path)
  }
}
