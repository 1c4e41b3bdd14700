/** Awaits a condition; says which one was not met in time. */
export async function until(condition, { what = String(condition), withinMs = 15_000, everyMs = 50 } = {}) {
  const end = Date.now() + withinMs
  for (;;) {
    const met = await condition()
    if (met) return met
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise(resolve => setTimeout(resolve, everyMs))
  }
}
