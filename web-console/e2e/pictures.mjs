#!/usr/bin/env node
// Takes the pictures of the documentation: a broker of a shop, some minutes of its traffic, then each page.
//   web-console/e2e/pictures            all, into docs/pictures; MINUTES=5 lets the charts fill first
//   web-console/e2e/pictures records    only those whose name has the word
// DATA=/var/lib/millrace says where the records lie, for pages show it; it is emptied.
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import config from './playwright.config.mjs'
import { Broker } from './lib/broker.mjs'
import { Shop } from './lib/shop.mjs'

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url))
const BYTES_MAX = 250_000
const WIDE = { width: 1280, height: 760 }
const PHONE = { width: 375, height: 760 }

/** Name, address, window, colours, and what to wait for or do before the picture. */
const PICTURES = [
  ['overview-dark', '/', WIDE, 'dark', page => page.getByText('Healthy').first().waitFor()],
  ['overview-phone', '/', PHONE, 'light', page => page.getByText('Healthy').first().waitFor()],
  ['topics-light', '/topics', WIDE, 'light', page => page.getByText('page-views').first().waitFor()],
  ['topics-phone', '/topics', PHONE, 'dark', page => page.getByText('page-views').first().waitFor()],
  ['records-dark', '/topics/orders', WIDE, 'dark', openRecord],
  ['records-light', '/topics/orders', WIDE, 'light', openRecord],
  ['records-phone', '/topics/orders', PHONE, 'dark', page => page.getByText('customer').first().waitFor()],
  ['group-light', '/groups/billing', WIDE, 'light', page => page.getByText('payments').first().waitFor()],
  ['groups-light', '/groups', WIDE, 'light', page => page.getByText('recommendations').first().waitFor()],
  ['group-dark', '/groups/billing', WIDE, 'dark', page => page.getByText('payments').first().waitFor()],
  ['sockets-light', '/sockets', WIDE, 'light', page => page.getByText('orders').first().waitFor()],
  ['brokers-dark', '/brokers', WIDE, 'dark', page => page.getByText('127.0.0.1').first().waitFor()],
  ['events-light', '/events', WIDE, 'light', page => page.getByText('billing').first().waitFor()],
]

async function openRecord(page) {
  const row = page.getByRole('row').filter({ hasText: '"customer"' }).nth(-4)
  await row.waitFor()
  await row.click()
}

const wanted = PICTURES.filter(([name]) => !process.argv[2] || name.includes(process.argv[2]))
mkdirSync(FOLDER, { recursive: true })
const data = process.env.DATA
if (data) rmSync(data, { recursive: true, force: true })
const broker = await Broker.start('pictures', data ? { 'log.dirs': data } : {}, [9092, 8080])
const shop = new Shop(broker)
const browser = await chromium.launch(config.use.launchOptions)
try {
  await shop.open()
  const minutes = Number(process.env.MINUTES ?? 5)
  console.log(`${minutes} minutes of traffic`)
  await new Promise(resolve => setTimeout(resolve, minutes * 60_000))
  for (const [name, path, viewport, colorScheme, ready] of wanted) {
    const context = await browser.newContext({ viewport, colorScheme, baseURL: broker.http, locale: 'en-GB', timezoneId: 'Europe/Berlin' })
    const page = await context.newPage()
    await page.goto(path)
    await ready(page)
    // Rates and charts come with the next view.
    await page.waitForTimeout(2500)
    const file = `${FOLDER}${name}.png`
    await page.screenshot({ path: file })
    const { size } = statSync(file)
    console.log(`${name}.png ${Math.round(size / 1000)} kB`)
    if (size > BYTES_MAX) throw new Error(`${name}.png is larger than ${BYTES_MAX} bytes`)
    await context.close()
  }
} finally {
  await browser.close()
  await shop.close()
  await broker.stop()
}
