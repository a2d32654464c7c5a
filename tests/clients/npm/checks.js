import { readFileSync } from 'node:fs'

/** Runs checks by their names, and prints a line of TAP for each, after the client's name and version. */
export async function run(client, checks) {
  const manifest = new URL(`node_modules/${client}/package.json`, import.meta.url)
  say(`# ${client} ${JSON.parse(readFileSync(manifest, 'utf8')).version}`)
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check()
      say(`ok - ${name}`)
    } catch (error) {
      say(`not ok - ${name}: ${String(error).replaceAll('\n', ' ')}`)
    }
  }
}

const say = (line) => process.stdout.write(`${line}\n`)
