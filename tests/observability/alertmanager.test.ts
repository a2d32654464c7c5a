import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { AlertReceiver } from '../../harness/alert-receiver.ts'
import { AlertmanagerServer, hasAlertmanager } from '../../harness/alertmanager-server.ts'
import { PrometheusServer } from '../../harness/prometheus-server.ts'
import { hasPrometheus } from '../telemetry/promtool.ts'
import { OBSERVABILITY } from './rules.ts'

/** Two replicas at once: without their cache, and one without a tokenizer, after a thread was replaced. */
const SCRAPES = [
  `polarity_cache_breaker_open 1
polarity_workers{state="idle"} 2
polarity_tokenizer_threads{state="idle"} 0
polarity_tokenizer_threads{state="starting"} 1
polarity_self_test_max_difference 0.045
`,
  `polarity_cache_breaker_open 1
polarity_workers{state="idle"} 2
polarity_tokenizer_threads{state="idle"} 1
polarity_self_test_max_difference 0.045
`,
]

/** Serves a scrape; each has restarted one thread more than the last. */
async function target(scrape: string): Promise<Server> {
  let restarts = 0
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/plain')
    response.end(`${scrape}polarity_worker_restarts_total ${restarts++}\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const addressOf = (server: Server) => {
  const address = server.address()
  return `127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`
}

describe.skipIf(!hasPrometheus || !hasAlertmanager)('alerts of two replicas', () => {
  let close = async () => {}
  let receiver: AlertReceiver
  let alertmanager: AlertmanagerServer
  beforeAll(async () => {
    receiver = await AlertReceiver.start()
    alertmanager = await AlertmanagerServer.start({
      receiverUrl: receiver.url,
      route: { group_wait: '3s', group_interval: '3s' },
    })
    const targets = await Promise.all(SCRAPES.map(target))
    const polarity = targets.map((each) => ({
      address: addressOf(each),
      labels: { namespace: 'prod' },
    }))
    const prometheus = await PrometheusServer.start(
      { polarity },
      { alertmanager: alertmanager.address, pace: 'at-once' },
    )
    close = async () => {
      await prometheus.close()
      await alertmanager.close()
      await receiver.close()
      for (const each of targets) {
        each.closeAllConnections()
        each.close()
      }
    }
  }, 60_000)
  afterAll(() => close())

  it('reach the receiver in one message for each alert, with their links', {
    timeout: 60_000,
  }, async () => {
    const {
      receiver: name,
      groupLabels,
      alerts,
    } = await receiver.message('PolaritySelfTestDiffers')
    expect(name).toBe('ticket')
    expect(groupLabels).toEqual({
      alertname: 'PolaritySelfTestDiffers',
      namespace: 'prod',
      job: 'polarity',
    })
    expect(alerts).toHaveLength(2)
    expect(alerts[0]?.annotations).toMatchObject({
      dashboard_url: 'http://localhost:3000/d/polarity-model?var-namespace=prod',
      runbook_url: expect.stringMatching(/#polarityselftestdiffers$/),
    })
  })

  it('reach whoever is on call if they are pages', { timeout: 60_000 }, async () => {
    const { receiver: name, alerts } = await receiver.message('PolarityNoTokenizer')
    expect(name).toBe('page')
    expect(alerts).toHaveLength(1)
  })

  it('are no tickets where there is a page for the same', { timeout: 60_000 }, async () => {
    await receiver.message('PolarityNoTokenizer')
    expect(await alertmanager.stateOf('PolarityWorkerRestarts')).toBe('suppressed')
    expect(await alertmanager.stateOf('PolarityCacheBreakerOpen')).toBe('active')
  })

  it('say nothing of single replicas where none is there', { timeout: 60_000 }, async () => {
    // Those of the Prometheus above may say otherwise.
    const labels = { service: 'polarity', concern: 'targets', cluster: 'another' }
    const down = { alertname: 'PolarityTargetDown', severity: 'ticket', namespace: 'prod' }
    await alertmanager.tell(
      { alertname: 'PolarityAbsent', severity: 'page', ...labels },
      { ...down, job: 'polarity', instance: 'a', ...labels },
    )
    expect(await alertmanager.stateOf('PolarityTargetDown')).toBe('suppressed')
  })
})

describe('the configuration of Alertmanager', () => {
  const config = z
    .object({
      route: z.object({ receiver: z.string(), group_by: z.array(z.string()) }),
      receivers: z.array(z.object({ name: z.string() })),
    })
    .parse(parse(readFileSync(join(OBSERVABILITY, 'alertmanager.yml'), 'utf8')))

  it('groups by alert, namespace and job', () => {
    expect(config.route.group_by).toEqual(['alertname', 'namespace', 'job'])
  })

  it('has a receiver for each severity', () => {
    expect(config.receivers.map(({ name }) => name)).toEqual(['page', 'ticket'])
  })
})
