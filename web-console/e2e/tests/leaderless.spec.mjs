// A topic some of whose partitions nobody leads: what the others hold is read, and the page says what is missing.
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '../lib/test.mjs'
import { until } from '../lib/until.mjs'

const HOME = fileURLToPath(new URL('../../../target/e2e/leaderless', import.meta.url))
const PARTITIONS = 4

test('records are shown without the partitions that nobody leads, and with them when somebody does', async ({ page, another }) => {
  const lost = `${HOME}/two`
  const { broker } = await another('leaderless', { 'log.dirs': `${HOME}/one,${lost}` })
  await broker.rest('POST', '/api/v1/topics', { name: 'orders', partitions: PARTITIONS })
  for (let p = 0; p < PARTITIONS; p++) await broker.rest('POST', '/api/v1/topics/orders/records', { p, v: `record of ${p}` })
  await broker.stop()
  const missing = readdirSync(lost).flatMap(name => /^orders-(\d+)$/.exec(name)?.[1] ?? []).sort()
  const there = Array.from({ length: PARTITIONS }, (_, p) => String(p)).filter(p => !missing.includes(p))
  expect(missing.length * there.length).toBeGreaterThan(0)
  renameSync(lost, `${HOME}/away`)
  writeFileSync(lost, '')
  await broker.start()

  await page.goto(`${broker.http}/topics/orders`)
  const line = page.getByRole('status').filter({ hasText: 'no broker leads it' })
  await expect(line).toContainText(`partition ${missing.join(', ')}`)
  for (const p of there) await expect(page.getByText(`record of ${p}`)).toBeVisible()
  await page.goto(`${broker.http}/topics/orders?p=${missing[0]}`)
  await expect(page.getByRole('alert')).toContainText(`Partition ${missing[0]} of topic orders has no leader.`)

  await page.goto(`${broker.http}/topics/orders`)
  await expect(line).toBeVisible()
  await broker.stop()
  rmSync(lost)
  renameSync(`${HOME}/away`, lost)
  await broker.start()
  await until(async () => (await page.getByText(/^record of/).count()) === PARTITIONS, { what: 'all records are shown', withinMs: 20_000 })
  await expect(line).toBeHidden()
})
