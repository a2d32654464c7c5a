import assert from 'node:assert/strict'
import { z } from 'zod'
import { type Container, podman } from './podman.ts'
import type { Report } from './report.ts'

const Prediction = z.object({
  predictions: z.array(z.array(z.object({ label: z.string(), score: z.number() }))),
})

/** The README's request; checks the response. A suffix makes its texts cache misses. */
export async function predict(address: string, mark = ''): Promise<Response> {
  const body = JSON.stringify({ text: [`I hate you.${mark}`, `I love you.${mark}`] })
  const headers = { 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(10_000)
  const response = await fetch(`${address}/predict`, { method: 'POST', headers, body, signal })
  assert.equal(response.status, 200)
  const { predictions } = Prediction.parse(await response.json())
  const best = predictions.map((labels) => labels.find(({ score }) => score > 0.5)?.label)
  assert.deepEqual(best, ['NEGATIVE', 'POSITIVE'])
  return response
}

/** Checks of a running service: responses, privileges and connections. */
export async function checkRunning(report: Report, container: Container): Promise<void> {
  await report.check('it answers', async () => {
    await predict(await container.address(8000))
  })
  // First, because the other checks connect to the service.
  await report.check('it has connected to nobody and sent no datagram', async () => {
    const { connects, datagrams } = await sentBy(container)
    assert.deepEqual({ connects, datagrams }, { connects: 0, datagrams: 0 })
  })
  await report.check('it is healthy by its own check', async () =>
    assert.ok(await container.isHealthy()),
  )
  const status = await container.evaluate('console.log(fs.readFileSync("/proc/1/status", "utf8"))')
  const line = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]
  await report.check('it runs as user and group 10001', () => {
    for (const name of ['Uid', 'Gid']) assert.equal(line(name), Array(4).fill(10001).join('\t'))
    assert.equal(line('Groups')?.trim().replace('10001', ''), '')
  })
  await report.check('it has no capabilities and can get no new privileges', () => {
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      assert.equal(line(set), '0000000000000000', set)
    }
    assert.equal(line('NoNewPrivs'), '1')
    return `seccomp ${line('Seccomp')}`
  })
  await report.check('its files cannot be written, not even by root', async () => {
    const folders = ['/', '/polarity', '/polarity/model', '/usr/local/bin', '/etc']
    const code = `for (const folder of ${JSON.stringify(folders)}) {
      try { fs.writeFileSync(folder + "/new", "") } catch (error) { console.log(error.code) }
    }`
    for (const user of ['10001', '0']) {
      const codes = await container.evaluate(code, '--user', user)
      assert.deepEqual(
        codes.split('\n'),
        folders.map(() => 'EROFS'),
      )
    }
  })
  await report.check('no shell can be started in it', async () => {
    const { code } = await podman('exec', container.id, '/bin/sh', '-c', 'true')
    assert.ok(code === 126 || code === 127, `ended with ${code}`)
  })
}

/** Connections and datagrams that left the container's network namespace since it was made. */
async function sentBy(container: Container): Promise<{ connects: number; datagrams: number }> {
  const net =
    'console.log(fs.readFileSync("/proc/1/net/snmp", "utf8") + fs.readFileSync("/proc/1/net/snmp6", "utf8"))'
  const text = await container.evaluate(net)
  const counts = (protocol: string) => {
    const [names = [], values = []] = text
      .split('\n')
      .filter((line) => line.startsWith(`${protocol}: `))
      .map((line) => line.split(' '))
    return Object.fromEntries(names.map((name, i) => [name, Number(values[i])]))
  }
  const sixth = Number(/^Udp6OutDatagrams\s+(\d+)$/m.exec(text)?.[1])
  return {
    connects: counts('Tcp').ActiveOpens ?? Number.NaN,
    datagrams: (counts('Udp').OutDatagrams ?? Number.NaN) + sixth,
  }
}
