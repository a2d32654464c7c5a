import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { predict } from './confinement.ts'
import { Container, done, inspect } from './podman.ts'
import { Report } from './report.ts'

// Started by the script of the same name, which has started the service and Redis.
const text = { type: 'string', default: '' } as const
const { values } = parseArgs({ options: { project: text, address: text } })
const nameOf = (service: string) => `${values.project}_${service}_1`

const project = new Container(nameOf('project'), 'bun')
const redis = new Container(nameOf('redis'))

const Confined = z.object({
  Config: z.object({ User: z.string() }),
  EffectiveCaps: z.array(z.string()).nullable(),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean(),
    Memory: z.number(),
    SecurityOpt: z.array(z.string()),
  }),
})

/** Texts counted by the service, by source. */
async function textsFrom(source: string): Promise<number> {
  const scrape = await project.evaluate(
    'fetch("http://127.0.0.1:9464/metrics").then((r) => r.text()).then(console.log)',
  )
  const line = scrape
    .split('\n')
    .find((l) => l.startsWith(`polarity_texts_total{source="${source}"}`))
  return Number(line?.split(' ').at(-1))
}

async function cacheHeader(): Promise<string | null> {
  return (await predict(values.address)).headers.get('x-cache')
}

/** Resolves once it is ready; the log of a restarted container still has its old lines. */
async function ready(): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const response = await fetch(`${values.address}/readyz`).catch(() => undefined)
    if (response?.ok) return
    await sleep(200)
  }
  throw new Error(`never ready:\n${await project.log()}`)
}

await Report.of(async (report) => {
  await report.check('the service becomes ready', ready)
  for (const [container, user] of [
    [project, '10001:10001'],
    [redis, '999:1000'],
  ] as const) {
    await report.check(`${container.id} is healthy by its own check`, async () =>
      assert.ok(await container.isHealthy()),
    )
    await report.check(`${container.id} is confined`, async () => {
      const { Config, EffectiveCaps, HostConfig } = await inspect(container.id, Confined)
      assert.equal(Config.User, user)
      assert.deepEqual(EffectiveCaps ?? [], [])
      assert.equal(HostConfig.ReadonlyRootfs, true)
      assert.ok(HostConfig.Memory > 0)
      assert.match(HostConfig.SecurityOpt.join(), /no-new-privileges/)
    })
  }
  await report.check('the first request is a MISS, the second a HIT', async () => {
    assert.equal(await cacheHeader(), 'MISS')
    assert.equal(await cacheHeader(), 'HIT')
  })
  await report.check('Redis has the answers', async () => {
    assert.equal(await done('exec', redis.id, 'redis-cli', 'dbsize'), '2')
  })
  await report.check('a restarted service has them from Redis', async () => {
    await done('restart', '--time', '40', project.id)
    await ready()
    assert.equal(await cacheHeader(), 'HIT')
    assert.deepEqual([await textsFrom('redis'), await textsFrom('model')], [2, 0])
  })
  await report.check('without Redis it answers known texts and, run again, new ones', async () => {
    await done('stop', '--time', '5', redis.id)
    assert.equal(await cacheHeader(), 'HIT')
    await done('restart', '--time', '40', project.id)
    await ready()
    assert.equal(await cacheHeader(), 'MISS')
    assert.ok(await project.isHealthy())
  })
  await report.check('it finds Redis again when that is back', async () => {
    await done('start', redis.id)
    for (let i = 0; i < 50 && !(await redis.isHealthy()); i++) await sleep(200)
    // One half-open probe per second, with a request that misses in memory, closes the breaker.
    for (let i = 0; i < 50; i++) {
      await predict(values.address, '!'.repeat(i + 1))
      if ((await done('exec', redis.id, 'redis-cli', 'dbsize')) !== '0') return
      await sleep(200)
    }
    throw new Error('nothing was written to it')
  })
})
