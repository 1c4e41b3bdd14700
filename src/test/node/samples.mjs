// The messages that every client sends; the same formula as Samples.java.
export function varied(count) {
  return Array.from({ length: count }, (_, i) => ({
    key: i % 4 === 0 ? null : `key-${i % 7}`,
    value: i % 5 === 4 ? null : `value ${i} ${'abc'.repeat(i % 50)}`,
    headers: i % 3 === 0 ? { trace: `t${i}`, empty: '' } : {},
  }))
}

// One line of JSON per event; the test reads them.
export function say(event) {
  process.stdout.write(JSON.stringify(event, (_, v) => (typeof v === 'bigint' ? Number(v) : v)) + '\n')
}

// Runs one scenario by name: node CLIENT.mjs SCENARIO BOOTSTRAP '{"its":"arguments"}'.
export async function run(scenarios) {
  const [name, bootstrap, args] = process.argv.slice(2)
  try {
    await scenarios[name](bootstrap, JSON.parse(args))
    process.exit(0)
  } catch (error) {
    console.error(error)
    process.exit(1)
  }
}

// Resolves when the test asks the process to end.
export function asked() {
  return new Promise(resolve => process.once('SIGTERM', resolve))
}
