// A list of 10,000 topics, and one of 300 events. The socket is played by the test: what counts is the time from the data to the screen.
import { expect, test } from '../lib/test.mjs'

const topic = n => ({
  name: `topic-${String(n).padStart(5, '0')}`, id: 'AAAAAAAAAAAAAAAAAAAAAA', internal: false, partitions: 3, replicationFactor: 1,
  sizeBytes: n * 1000, records: n * 10, underReplicated: 0, offline: 0, rates: { bytesIn: n, recordsIn: n / 10 }, groups: 1,
  lag: n % 7, retentionMs: 604_800_000, retentionBytes: -1, cleanupPolicy: 'delete',
})

test('10,000 topics are on screen within 300 ms, and scroll and filter without a pause', { tag: '@alone' }, async ({ page }) => {
  const all = Array.from({ length: 10_000 }, (_, n) => topic(n))
  // As the broker does: a long list comes in portions.
  const portions = Array.from({ length: 20 }, (_, n) => all.slice(n * 500, (n + 1) * 500))
  const views = watch => portions.map((portion, n) => JSON.stringify({ op: 'view', watch, ...(n === 0 ? { full: { topics: portion } } : { set: portion }) }))
  await page.routeWebSocket('**/ws/v1', socket =>
    socket.onMessage(text => {
      const { op, id, path } = JSON.parse(text)
      if (op !== 'watch') return
      socket.send(JSON.stringify({ op: 'ok', id, watch: id }))
      if (path.startsWith('/api/v1/topics')) for (const view of views(id)) socket.send(view)
    }),
  )
  await page.addInitScript(() => {
    const parse = JSON.parse
    JSON.parse = text => {
      if (text.includes('"name":"topic-09999"')) window.cameAt = performance.now()
      return parse(text)
    }
    new MutationObserver((_, observer) => {
      if (!document.querySelector('[role=gridcell]') || document.querySelector('[role=grid]').ariaRowCount !== '10001') return
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => (window.shownAt = performance.now())))
    }).observe(document, { childList: true, subtree: true, attributes: true })
  })
  const tookMs = []
  // On a busy machine the best of a few tells what it takes.
  do {
    await page.goto('/topics')
    await page.waitForFunction(() => window.shownAt)
    tookMs.push(await page.evaluate(() => window.shownAt - window.cameAt))
  } while (tookMs.at(-1) >= 300 && tookMs.length < 4)
  console.log(`10,000 topics: ${tookMs.map(Math.round).join(', ')} ms`)
  expect(Math.min(...tookMs)).toBeLessThan(300)

  const grid = page.getByRole('grid')
  await expect(grid).toHaveAttribute('aria-rowcount', '10001')
  expect(await grid.getByRole('row').count()).toBeLessThan(100)
  await grid.evaluate(box => (box.scrollTop = box.scrollHeight))
  await expect(page.getByText('topic-09999')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('0777')
  await expect(grid).toHaveAttribute('aria-rowcount', '12')
  await page.keyboard.press('Enter')
  await page.keyboard.press('j')
  await expect(grid.locator('[aria-selected=true]')).toContainText('topic-07770')
})

test('of many events those are made to which somebody scrolls; the filter knows all', async ({ page }) => {
  const events = Array.from({ length: 300 }, (_, n) => ({
    seq: n + 1, atMs: 1_795_000_000_000 + n * 1000, level: 'info', kind: 'topic.created', broker: 0,
    topic: `made-${String(n).padStart(3, '0')}`, text: 'A topic was created.',
  }))
  await page.routeWebSocket('**/ws/v1', socket =>
    socket.onMessage(text => {
      const { op, id, path } = JSON.parse(text)
      if (op !== 'watch') return
      socket.send(JSON.stringify({ op: 'ok', id, watch: id }))
      if (path.startsWith('/api/v1/events')) socket.send(JSON.stringify({ op: 'view', watch: id, full: { events } }))
    }),
  )
  const rows = page.locator('[data-event]')
  await page.goto('/events')
  await expect(rows.first()).toContainText('made-299')
  await expect(rows).toHaveCount(100)

  await rows.last().scrollIntoViewIfNeeded()
  await expect(rows).toHaveCount(200)

  await page.keyboard.press('End')
  await expect(rows).toHaveCount(300)
  await expect(rows.last()).toBeFocused()
  await expect(rows.last()).toContainText('made-000')

  await page.getByLabel('Filter').fill('made-007')
  await expect(rows).toHaveCount(1)
})
