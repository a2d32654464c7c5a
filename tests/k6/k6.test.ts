import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'

const ROOT = join(import.meta.dirname, '../..')
const K6 = join(ROOT, 'node_modules/.cache/k6')

const hasK6 = existsSync(K6)
if (!hasK6)
  process.stderr.write('Tests of the load scripts are skipped: bash scripts/build-k6.sh\n')

const Rate = z.object({ passes: z.number(), fails: z.number() })
const Summary = z.object({ metrics: z.looseObject({ checks: Rate, cache_hits: Rate }) })

/** Runs a script as `npm run k6` does. Resolves with its exit code, output and files. */
function k6(script: string, ...options: string[]) {
  const out = mkdtempSync(join(tmpdir(), 'k6-'))
  const args = [join(ROOT, 'k6/run.sh'), script, '--quiet', ...options]
  const env = { ...process.env, OUT: out, K6_WEB_DASHBOARD_PERIOD: '1s' }
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; printed: string }>()
  execFile('bash', args, { env }, (error, stdout, stderr) =>
    resolve({ code: error?.code ?? 0, printed: stdout + stderr }),
  )
  return promise.then((end) => {
    const summary = readFileSync(join(out, `${script}.json`), 'utf8')
    const files = readdirSync(out)
    const left = { ...end, files, ...Summary.parse(JSON.parse(summary)) }
    rmSync(out, { recursive: true })
    return left
  })
}

describe.skipIf(!hasK6).each(RUNTIMES)('k6 finds on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await new ServiceProcess(runtime).ready()
  })
  afterAll(() => service.stop())
  const briefly = () => ['-e', `BASE_URL=${service.url}`, '-e', 'DURATION=3', '-e', 'VUS=4']

  it.each(['smoke', 'load', 'honest', 'soak'])('nothing wrong in %s', async (script) => {
    const { code, printed, metrics } = await k6(script, ...briefly())
    expect(code, printed).toBe(0)
    expect(metrics.checks).toMatchObject({ fails: 0, passes: expect.any(Number) })
  })

  it('different texts of users that start together', async () => {
    const sources = () =>
      Promise.all(
        ['model', 'coalesced'].map((source) =>
          service.metric(`polarity_texts_total{source="${source}"}`),
        ),
      )
    const before = await sources()
    await k6('soak', ...briefly(), '-e', 'SEED=3')
    const [model = 0, coalesced = 0] = (await sources()).map((texts, i) => texts - (before[i] ?? 0))
    expect(model).toBeGreaterThan(2 * coalesced)
  })

  it('enough for a report', async () => {
    const { files } = await k6('load', ...briefly())
    expect(files.sort()).toEqual(['load.html', 'load.json', 'load.ndjson'])
  })

  // Other texts than in the previous run, which are cache hits by now.
  it('cache misses in one of twenty requests of honest', async () => {
    const { metrics } = await k6('honest', ...briefly(), '-e', 'SEED=2')
    const { passes, fails } = metrics.cache_hits
    expect(fails / (passes + fails)).toBeGreaterThan(0.02)
    expect(fails / (passes + fails)).toBeLessThan(0.1)
  })
})

describe.skipIf(!hasK6)('k6', () => {
  it('fails if responses fail', async () => {
    const service = await new ServiceProcess('node', { RATE_LIMIT_TEXTS_PER_MINUTE: '60' }).ready()
    const { code, printed } = await k6('smoke', '-e', `BASE_URL=${service.url}`)
    await service.stop()
    expect(code).toBe(99)
    expect(printed).toContain("thresholds on metrics 'http_req_failed'")
  })
})
