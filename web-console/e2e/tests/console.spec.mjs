// Each page of the console shows what Kafka's own clients see, and does what it says.
import { KafkaClient } from '../lib/kafka.mjs'
import { expect, test } from '../lib/test.mjs'
import { until } from '../lib/until.mjs'

test.describe('the console', () => {
  test.beforeEach(async ({ page }) => {
    page.faults = []
    page.on('pageerror', error => page.faults.push(error.message))
    page.on('console', message => message.type() === 'error' && page.faults.push(message.text()))
  })
  test.afterEach(async ({ page }) => {
    expect(page.faults).toEqual([])
  })

  test('the overview counts what the admin counts', async ({ page, broker, kafka }) => {
    await kafka.create('counted', 3)
    const admin = await kafka.admin()
    const { topics } = await admin.fetchTopicMetadata()
    const own = topics.filter(({ name }) => !name.startsWith('__'))
    await page.goto('/')
    await expect(page.getByText('Healthy').first()).toBeVisible()
    const facts = page.getByRole('region', { name: 'Cluster' })
    const fact = name => facts.locator('div').filter({ has: page.getByText(name, { exact: true }) }).locator('dd')
    await expect(fact('Topics')).toContainText(String(own.length))
    const partitions = topics.reduce((sum, { partitions }) => sum + partitions.length, 0)
    await expect(fact('Partitions')).toHaveText(String(partitions))
    const sockets = async () => (await broker.get('/api/v1/sockets')).sockets.length
    await until(async () => (await sockets()) > 0 && (await fact('Browser sessions').textContent()) === String(await sockets()), {
      what: 'the page counts its own session',
    })
  })

  test('a topic is created, listed, described and deleted', async ({ page, broker }) => {
    // A client of its own: kafkajs wants to know about a topic for ever, also when it went.
    const kafka = new KafkaClient(broker.bootstrap)
    const admin = await kafka.admin()
    await page.goto('/topics')
    await page.getByRole('button', { name: 'Create a topic' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('made-here')
    await dialog.getByLabel('Partitions').fill('4')
    await dialog.getByLabel(/more settings/i).fill('max.message.bytes=2097152')
    await dialog.getByRole('button', { name: 'Create', exact: true }).click()
    await expect(page).toHaveURL(/\/topics\/made-here/)
    await until(async () => (await admin.listTopics()).includes('made-here'))
    const { topics } = await admin.fetchTopicMetadata({ topics: ['made-here'] })
    expect(topics[0].partitions.length).toBe(4)

    await kafka.send('made-here', [{ partition: 2, value: 'a' }, { partition: 2, value: 'b' }, { partition: 0, value: 'c' }])
    await page.getByRole('link', { name: 'Partitions' }).click()
    for (const { partition, high, low } of await admin.fetchTopicOffsets('made-here')) {
      await expect(page.getByRole('row').nth(1 + partition)).toContainText(String(high))
      expect(low).toBe('0')
    }
    await page.getByRole('link', { name: 'Configuration' }).click()
    await expect(page.getByText('max.message.bytes').first()).toBeVisible()
    await expect(page.getByText('2097152').first()).toBeVisible()

    await page.getByRole('button', { name: 'Delete the topic' }).click()
    const act = page.getByRole('dialog').getByRole('button', { name: 'Delete the topic' })
    await expect(act).toBeDisabled()
    await page.getByRole('dialog').getByRole('textbox').fill('made-here')
    await act.click()
    await until(async () => !(await admin.listTopics()).includes('made-here'), { what: 'the topic is gone' })
    await kafka.close()
  })

  test('a page whose topic is deleted says so, and reads the one that is made again when asked', async ({ page, broker }) => {
    const make = () => broker.rest('POST', '/api/v1/topics', { name: 'short-lived', partitions: 1 })
    await make()
    await broker.rest('POST', '/api/v1/topics/short-lived/records', { v: 'first life' })
    await page.goto('/topics/short-lived')
    await expect(page.getByText('first life')).toBeVisible()
    await broker.rest('DELETE', '/api/v1/topics/short-lived')
    await expect(page.getByRole('alert')).toContainText('short-lived does not exist')
    const again = page.getByRole('button', { name: /was deleted/ })
    await expect(again).toBeVisible()
    await expect(page.getByText('first life')).toBeVisible()

    await make()
    await broker.rest('POST', '/api/v1/topics/short-lived/records', { v: 'second life' })
    await expect(page.getByRole('alert')).toBeHidden()
    await again.click()
    await expect(page.getByText('second life')).toBeVisible()
    await expect(page.getByText('first life')).toBeHidden()
    await broker.rest('DELETE', '/api/v1/topics/short-lived')
  })

  test('records appear as they are written, in Korean too; search, pause and details work', async ({ page, kafka }) => {
    await kafka.create('shown', 2)
    await kafka.send('shown', [{ key: '고객-1', value: '{"text":"주문이 접수되었습니다","total":12345678901234567890}', headers: { region: 'kr' } }])
    await page.goto('/topics/shown')
    const rows = page.getByRole('row', { name: /주문이/ })
    await expect(rows).toHaveCount(1)
    await expect(page.getByText('12345678901234567890').first()).toBeVisible()
    await kafka.send('shown', ['later-1', 'later-2', null])
    await expect(page.getByRole('row', { name: /later-2/ })).toBeVisible()
    await expect(page.getByRole('row', { name: /tombstone/ })).toBeVisible()

    await page.getByRole('button', { name: 'Pause' }).click()
    await kafka.send('shown', Array.from({ length: 30 }, (_, n) => `while-paused-${n}`))
    await expect(page.getByText(/Paused, 30 new/)).toBeVisible()
    await expect(page.getByText('while-paused-29')).toHaveCount(0)
    await page.getByRole('button', { name: 'Resume' }).first().click()
    await expect(page.getByText('while-paused-29')).toBeVisible()

    await page.keyboard.press('/')
    await page.keyboard.type('주문')
    await page.keyboard.press('Enter')
    await expect(page.getByText(/1 match of 34 read/)).toBeVisible()
    await expect(page).toHaveURL(/text=/)
    await rows.first().click()
    await expect(page.getByText('Partition 0, offset 0')).toBeVisible()
    await expect(page.getByText('region').first()).toBeVisible()
    await page.reload()
    await expect(page.getByText('Partition 0, offset 0')).toBeVisible()
  })

  test('the tail keeps up with 5,000 records a second and stays smooth', { tag: '@alone' }, async ({ page, kafka }) => {
    await kafka.create('fast', 1)
    await page.goto('/topics/fast')
    await expect(page.getByText(/No record yet/)).toBeVisible()
    await page.evaluate(() => {
      window.frames_ = 0
      window.longest = 0
      new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration)
      }).observe({ entryTypes: ['longtask'] })
      const count = () => (window.frames_++, requestAnimationFrame(count))
      requestAnimationFrame(count)
    })
    const value = JSON.stringify({ order: 4711, text: 'x'.repeat(160) })
    const begun = Date.now()
    let sent = 0
    while (Date.now() - begun < 4000) {
      const due = Math.min(20_000, Math.floor((Date.now() - begun) * 5))
      if (due > sent) await kafka.send('fast', Array.from({ length: due - sent }, () => value))
      sent = Math.max(sent, due)
      await page.waitForTimeout(20)
    }
    const tookMs = Date.now() - begun
    const { frames, longest } = await page.evaluate(() => ({ frames: window.frames_, longest: window.longest }))
    await expect(page.getByText(`${sent.toLocaleString('en')} read`)).toBeVisible({ timeout: 5000 })
    await expect(page.getByRole('row').last()).toContainText(String(sent - 1))
    const perSecond = Math.round((frames * 1000) / tookMs)
    console.log(`tail: ${sent} records in ${tookMs} ms, ${perSecond} frames/s, longest task ${Math.round(longest)} ms`)
    expect(sent).toBeGreaterThan(15_000)
    expect(perSecond).toBeGreaterThan(15)
    expect(longest).toBeLessThan(400)
  })

  test('what is produced in the console arrives at a consumer over TCP', async ({ page, kafka }) => {
    await kafka.create('from-console', 2)
    const consumer = await kafka.consume('from-console')
    await page.goto('/topics/from-console/produce')
    await page.getByLabel(/^Key/).fill('고객-7')
    await page.getByLabel('Value', { exact: true }).first().fill('{"note":"빨리 부탁드립니다"}')
    await page.getByRole('button', { name: 'Produce', exact: true }).click()
    await until(() => consumer.received.length === 1, { what: 'the record arrives' })
    const [{ p, o, k, v }] = consumer.received
    expect([k, v]).toEqual(['고객-7', '{"note":"빨리 부탁드립니다"}'])
    const outcome = page.getByRole('region', { name: 'Produced' }).getByRole('row').nth(1)
    await expect(outcome).toContainText(`${p}`)
    await expect(outcome).toContainText(`${o}`)
  })

  test('a group is shown as it is, and an offset reset is previewed, done and obeyed', async ({ page, kafka }) => {
    await kafka.create('reset', 1)
    await kafka.send('reset', Array.from({ length: 10 }, (_, n) => `v${n}`))
    const first = await kafka.consume('reset', { groupId: 'reset-group' })
    await until(() => first.received.length === 10)
    const admin = await kafka.admin()
    await until(async () => (await admin.fetchOffsets({ groupId: 'reset-group', topics: ['reset'] }))[0].partitions[0].offset === '10')

    await page.goto('/groups')
    const row = page.getByRole('row', { name: /reset-group/ })
    await expect(row).toContainText('Stable')
    await row.getByRole('link', { name: 'reset-group' }).click()
    await expect(page.getByText('kafkajs').first()).toBeVisible()

    await page.goto('/groups/reset-group/reset')
    await expect(page.getByText(/Cannot be applied while a member is active/)).toBeVisible()
    await first.consumer.stop()
    await page.getByText('Shift', { exact: true }).click()
    await page.getByLabel('Records').fill('-4')
    await expect(page.getByRole('region', { name: 'What will happen' })).toContainText('Records read again: 4')
    expect((await admin.fetchOffsets({ groupId: 'reset-group', topics: ['reset'] }))[0].partitions[0].offset).toBe('10')
    await page.getByRole('button', { name: 'Apply' }).click()
    await until(async () => (await admin.fetchOffsets({ groupId: 'reset-group', topics: ['reset'] }))[0].partitions[0].offset === '6')
    const second = await kafka.consume('reset', { groupId: 'reset-group' })
    await until(() => second.received.length === 4)
    expect(second.received.map(({ v }) => v)).toEqual(['v6', 'v7', 'v8', 'v9'])
  })

  test('sockets, brokers and events show who is here and what happened', async ({ page, broker, kafka }) => {
    await kafka.create('noticed', 1)
    await page.goto('/sockets')
    await expect(page.getByRole('row', { name: /127\.0\.0\.1/ }).first()).toBeVisible()
    await page.goto('/brokers')
    await expect(page.getByText(broker.bootstrap).first()).toBeVisible()
    await page.goto('/events')
    await expect(page.getByText(/noticed/).first()).toBeVisible()
  })

  test('every page has a language, names and a place in the rail; the palette finds a topic', async ({ page, kafka }) => {
    await kafka.create('findable', 1)
    for (const path of ['/', '/topics', '/groups', '/sockets', '/brokers', '/events', '/topics/findable', '/topics/findable/produce']) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll('button, a[href], input, select, textarea')]
          .filter(one => !(one.getAttribute('aria-label') || one.textContent.trim() || one.title || one.labels?.length || one.placeholder))
          .map(one => one.outerHTML.slice(0, 120)),
      )
      expect(nameless).toEqual([])
      expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
      expect(await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, n, all) => all.indexOf(id) !== n))).toEqual([])
      await expect(page.getByRole('navigation', { name: 'Pages' }).locator('[aria-current=page]')).toHaveCount(1)
    }
    await page.keyboard.press('Control+k')
    await page.keyboard.type('findab')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/topics\/findable/)
  })

  test('nothing is wider than a phone', async ({ page, kafka }) => {
    await kafka.create('on-a-phone', 3)
    await page.setViewportSize({ width: 375, height: 760 })
    for (const path of ['/', '/topics', '/groups', '/sockets', '/brokers', '/events', '/topics/on-a-phone', '/topics/on-a-phone/produce', '/topics/on-a-phone/partitions', '/topics/on-a-phone/config']) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(375)
    }
  })
})
