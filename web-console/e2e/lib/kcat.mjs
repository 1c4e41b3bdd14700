import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A group member over TCP: kcat, whose library shares partitions out as browsers and Java do. */
export class Kcat {
  received = []
  assigned = []
  rebalances = 0
  #child

  constructor(bootstrap, group, topics, clientId = 'kcat') {
    const settings = [`client.id=${clientId}`, 'auto.offset.reset=earliest', 'session.timeout.ms=10000', 'heartbeat.interval.ms=500', 'auto.commit.interval.ms=500']
    const words = ['-b', bootstrap, '-u', ...settings.flatMap(one => ['-X', one]), '-f', '%t %p %o %s\\n', '-G', group, ...topics]
    this.#child = spawn('kcat', words, { stdio: ['ignore', 'pipe', 'pipe'] })
    createInterface({ input: this.#child.stdout }).on('line', line => {
      const [t, p, o, ...v] = line.split(' ')
      this.received.push({ t, p: Number(p), o: Number(o), v: v.join(' ') })
    })
    createInterface({ input: this.#child.stderr }).on('line', line => this.#told(line))
  }

  #told(line) {
    const change = /rebalanced.*: (assigned|revoked): ?(.*)/.exec(line)
    if (!change) return
    this.rebalances++
    this.assigned = change[1] === 'assigned' ? [...change[2].matchAll(/\[(\d+)\]/g)].map(([, p]) => Number(p)) : []
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
  }
}
