// Never run: `tsc --noEmit` holds the types against how the client is used.
import { Millrace, MillraceError, type Position, type Status } from '../millrace.js'

interface Order {
  total: number
}

export async function usage(): Promise<Position> {
  const mr = new Millrace('http://localhost:8080', { ticket: async () => 'abc', backoff: { maxMs: 5000 } })
  const off = mr.on('status', (status: Status) => {
    if (status.state === 'waiting') console.log(status.retryInMs.toFixed())
    else if (status.state === 'closed') console.log(status.code, status.reason)
  })
  off()
  mr.on('error', error => console.log(error.code, error.hint, error.retry))

  const stop = new AbortController()
  const orders = mr.topic('orders').records<Order, string>({
    from: 'end-100',
    partitions: [0, 1],
    credit: { n: 512 },
    value: 'json',
    onLag: 'skip',
    skip: 10_000,
    signal: stop.signal,
    onGap: gap => console.log(gap.t, gap.p, gap.to - gap.from, gap.why),
    onProgress: ({ lag }) => console.log(lag?.n),
    onWait: error => console.log(error.code, error.message, error.hint),
  })
  await orders.ready
  for await (const record of orders) {
    const total: number = record.v.total
    const key: string = record.k
    console.log(record.t, record.p, record.o, record.ts, key, total, record.h?.[0]?.[1])
    if (total > 100) break
  }
  for await (const batch of mr.topic('a', 'b').batches({ from: orders.position() })) console.log(batch.length)
  orders.pause()
  orders.resume()
  await orders.seek('age:10m')
  await orders.seek(17)

  const { p, o, ts } = await mr.publish('orders', { k: 'c-17', v: { total: 5 }, h: { region: 'eu' }, acks: 'all' })
  console.log(p + o + ts)
  await mr.topic('orders').publish({ v: new Uint8Array([1, 2]) })

  const billing = mr.group<Order>('billing', {
    topics: ['orders'],
    instance: 'tab-7',
    from: 'commit',
    onAssign: (added, { generation }) => console.log(added.orders?.length, generation),
    onRevoke: (_dropped, { lost, withinMs }) => lost || withinMs > 0 || billing.close(),
  })
  for await (const record of billing) await billing.ack(record)
  await billing.ack()
  await billing.ack(billing.position())

  const topics = mr.watch<{ topics: { name: string }[] }>('/api/v1/topics', { everyMs: 1000 }, (view, delta) => {
    console.log(view.topics.map(topic => topic.name), delta.drop?.length)
  })
  console.log(topics.view?.topics.length)
  topics.close()

  try {
    mr.connect()
  } catch (error) {
    if (error instanceof MillraceError) console.log(error.code satisfies string)
  }
  // @ts-expect-error: there is no such policy
  mr.topic('orders').records({ onLag: 'never' })
  // @ts-expect-error: a record's offset is read only
  for await (const record of mr.topic('orders').records()) record.o = 1
  mr.close()
  return orders.position()
}
