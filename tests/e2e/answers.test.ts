import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES, ServiceProcess } from '../../harness/process.ts'
import { CONTRACT } from '../conformance/contract.ts'
import { Target } from '../conformance/target.ts'
import { rejection } from '../rejection.ts'

/** Clear-cut sentences, and their labels. */
const SENTENCES = {
  'I hate you.': 'NEGATIVE',
  'I love you.': 'POSITIVE',
  'A charming and often affecting journey.': 'POSITIVE',
  'A tedious, badly acted waste of two hours.': 'NEGATIVE',
}

type Prediction = { label: string; score: number }[]

/** What two kinds of CPU may differ by. */
const ACROSS_CLASSES = 0.03

/** What the README says that the service answers to "I hate you." and "I love you.". */
const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
const shown: { predictions: Prediction[] } = JSON.parse(
  /```json\n(\{\s*"predictions".*?)```/s.exec(readme)?.[1] ?? '{}',
)

describe.each(RUNTIMES)('the service on %s', (runtime) => {
  let service: ServiceProcess
  beforeAll(async () => {
    service = await new ServiceProcess(runtime).ready()
  })
  afterAll(() => service.stop())

  it('classifies clear-cut sentences correctly', async () => {
    const response = await service.predict(Object.keys(SENTENCES))
    const { predictions } = (await response.json()) as { predictions: Prediction[] }
    const winners = predictions.map((labels) =>
      labels.reduce((a, b) => (b.score > a.score ? b : a)),
    )
    expect(winners.map(({ label }) => label)).toEqual(Object.values(SENTENCES))
  })

  it('answers the README’s example as the README shows, but for the kind of CPU', async () => {
    const response = await service.predict(['I hate you.', 'I love you.'])
    const { predictions } = (await response.json()) as { predictions: Prediction[] }
    const example = shown.predictions.flat()
    const answer = predictions.flat()
    const differences = answer.map(({ score }, i) =>
      Math.abs(score - (example[i]?.score ?? Number.NaN)),
    )
    expect(answer.map(({ label }) => label)).toEqual(example.map(({ label }) => label))
    expect(Math.max(...differences)).toBeLessThanOrEqual(ACROSS_CLASSES)
  })

  it('names the numerics class of its machine in /info and as a metric', async () => {
    const { numerics } = (await (await fetch(`${service.url}/info`)).json()) as { numerics: string }
    expect(numerics).toMatch(/^[0-9a-f]{8}$/)
    expect(await service.metric(`polarity_numerics_info{class="${numerics}"}`)).toBe(1)
  })

  it('tells how far it is from the stored answers', async () => {
    // Stored to eight digits, so that even the machine that wrote them differs a little.
    const difference = await service.metric('polarity_self_test_max_difference')
    expect(difference).toBeGreaterThan(0)
  })

  it('answers a body without a Content-Type, negative first, scores summing to 1', async () => {
    const body = new TextEncoder().encode('{"text":["I love you."]}')
    const response = await fetch(`${service.url}/predict`, { method: 'POST', body })
    const { predictions } = (await response.json()) as { predictions: Prediction[] }
    const [prediction = []] = predictions
    expect(prediction.map(({ label }) => label)).toEqual(['NEGATIVE', 'POSITIVE'])
    expect(prediction.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 12)
  })

  it('reads a text with half an emoji', async () => {
    const body = '{"text":["I love it \\ud83d"]}'
    const typed = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    expect((await fetch(`${service.url}/predict`, typed)).status).toBe(200)
  })

  it('answers probes while the workers are busy', async () => {
    const texts = Array.from(
      { length: 600 },
      (_, i) => `a plain sentence, number ${i}, of some length`,
    )
    let finished = false
    const answer = service.predict(texts).then((response) => {
      finished = true
      return response
    })
    const health = await fetch(`${service.url}/health`)
    expect([health.status, finished]).toEqual([200, false])
    expect((await answer).status).toBe(200)
  })

  it('drops the texts of a client that disconnected', async () => {
    const texts = Array.from({ length: 1000 }, (_, i) => `number ${i} of a client in a hurry`)
    const caller = new AbortController()
    const before = await service.metric('polarity_batch_texts_sum')
    const answer = service.predict(texts, caller.signal)
    await service.until('polarity_queue_texts', (texts) => texts > 0)
    caller.abort()
    expect(await rejection(answer)).toBeInstanceOf(Error)
    await service.until('polarity_queue_texts', (texts) => texts === 0)
    const after = await service.metric('polarity_batch_texts_sum')
    expect(after - before).toBeLessThan(texts.length)
  })

  it('keeps every text out of its log', async () => {
    await service.predict(['a secret between us'])
    await service.predict(['a secret between us', ''])
    await service.predict(['the last one'])
    await service.until(
      'http_requests_total{method="POST",route="/predict",status="422",ok="false"}',
      (n) => n > 0,
    )
    expect(service.logged('request').length).toBeGreaterThan(2)
    expect(service.output).not.toContain('secret')
  })

  it.each(CONTRACT)('keeps the contract: $name', async ({ run }) => {
    await run(new Target(service.url, service.internalUrl))
  })
})
