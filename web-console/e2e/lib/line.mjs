import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** A way to a broker's web door that can lose connections as a network does: nobody hears of it. */
export class Line {
  #connections = new Set()
  #server

  static async to(broker) {
    const line = new Line()
    const { hostname, port } = new URL(broker.http)
    line.#server = createServer(page => {
      const door = connect(Number(port), hostname)
      const ends = [page, door]
      line.#connections.add(ends)
      page.pipe(door).pipe(page)
      for (const end of ends)
        end.on('error', () => {}).on('close', () => {
          line.#connections.delete(ends)
          ends.forEach(one => one.destroy())
        })
    })
    await once(line.#server.listen(0, '127.0.0.1'), 'listening')
    line.http = `http://127.0.0.1:${line.#server.address().port}`
    return line
  }

  /** The connections of now carry nothing any more, in neither direction; later ones do. */
  lose() {
    for (const ends of this.#connections) for (const end of ends) end.unpipe().pause()
  }

  close() {
    for (const ends of this.#connections) for (const end of ends) end.destroy()
    this.#server.close()
  }
}
