import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

// One worker: the machine has few cores, and the measurements of one test would be spoilt by another.
export default defineConfig({
  testDir: 'tests',
  workers: 1,
  fullyParallel: false,
  // From bin/test, which names at its end what passed only the second time.
  retries: Number(process.env.TEST_RETRIES ?? 0),
  timeout: 45_000,
  globalTimeout: 540_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  outputDir: '../../target/e2e/results',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'off',
    launchOptions: {
      executablePath: CHROMIUM.find(path => path && existsSync(path)),
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  },
})
