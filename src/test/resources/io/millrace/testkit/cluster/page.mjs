// A page for the tests of clusters: node page.mjs MODULE WS-URL TOPIC [GROUP]
// Prints a line for each record, partition, offset and value in base64; gaps and troubles too.
import { pathToFileURL } from 'node:url'

const [module, url, topic, group] = process.argv.slice(2)
const { Millrace } = await import(pathToFileURL(module).href)
const say = (line) => process.stdout.write(line + '\n')
const m = new Millrace(url, { backoff: { minMs: 50, maxMs: 500 } })
m.on('status', (s) => say(`status ${s.state} ${s.code ?? ''} ${s.reason ?? ''}`))
m.on('error', (e) => say(`error ${e.code} ${e.message}`))
const onGap = (gap) => say(`gap ${JSON.stringify(gap)}`)
const print = (record) => say(`rec ${record.p} ${record.o} ${record.v?.b64 ?? record.v}`)

for (;;) {
  try {
    if (group) {
      const member = m.group(group, { topics: topic, from: 'earliest', value: 'b64', onGap })
      for await (const batch of member.batches()) {
        batch.forEach(print)
        await member.ack().catch((e) => say(`unacked ${e.code}`))
      }
    } else {
      for await (const batch of m.topic(topic).batches({ from: 'earliest', value: 'b64', onGap })) {
        batch.forEach(print)
      }
    }
    say('ended')
  } catch (e) {
    say(`broken ${e.code} ${e.message}`)
  }
  process.exit(1)
}
