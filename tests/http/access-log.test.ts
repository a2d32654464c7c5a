import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { ApiKeys } from '../../app/api-keys.ts'
import { loadConfig } from '../../app/config.ts'
import { AppError } from '../../app/errors.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { answerTo, createTestApp, LABELS, post } from '../fakes.ts'

/** Sends some bodies, the first one last, and returns what was logged and counted. */
async function observed(
  body: string,
  overrides: Parameters<typeof createTestApp>[0] = {},
  ...before: string[]
) {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const metrics = createMetrics(LABELS)
  const app = createTestApp({ log: pino(stream), metrics, ...overrides })
  for (const earlier of before) await post(app, earlier)
  await post(app, body, { 'x-request-id': 'req-42' })
  return { lines, scrape: await metrics.registry.metrics() }
}

describe('the log', () => {
  it('has one line for a request', async () => {
    const { lines } = await observed('{"text":["I love it","I hate it"]}')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        request_id: 'req-42',
        method: 'POST',
        route: '/predict',
        status: 200,
        texts: 2,
        cache: 'MISS',
      },
    ])
  })

  it.each([
    ['an answer', '{"text":["my secret"]}'],
    ['malformed JSON', '{"text":["my secret"'],
    ['an invalid request', '{"text":["my secret",1]}'],
  ])('of %s holds no text', async (_, body) => {
    expect((await observed(body)).lines.join()).not.toContain('secret')
  })

  it('of what is no bug has no cause, which may quote the text', async () => {
    const cause = new Error('no room for "my secret"')
    const classify = () => Promise.reject(new AppError('overloaded', 'Too many.', { cause }))
    const { lines } = await observed('{"text":["my secret"]}', { classify })
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ code: 'overloaded' }])
    expect(lines.join()).not.toContain('secret')
  })

  const bug = async (texts: readonly string[]) => {
    if (texts.includes('bug')) throw new Error('the reason')
    return texts.map(answerTo)
  }

  it.each([
    ['successes', '{"text":["a"]}'],
    ['malformed JSON', '{'],
    ['invalid requests', '{"text":[1]}'],
    ['bodies that are too large', `{"text":["${'a'.repeat(2000)}"]}`],
  ])('leaves out %s over its rate, and says how many with the next line', async (_, body) => {
    const config = { ...loadConfig({ MAX_BODY_BYTES: '1000' }), LOG_REQUESTS_PER_SECOND: 0 }
    const { lines } = await observed('{"text":["bug"]}', { config, classify: bug }, body, body)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ status: 500, unlogged: 2 }])
  })

  it('leaves out requests without a key over its rate', async () => {
    const config = loadConfig({ LOG_REQUESTS_PER_SECOND: '0' })
    const keys = new ApiKeys([{ name: 'somebody', digest: 'a'.repeat(64) }])
    expect((await observed('{"text":["a"]}', { config, keys })).lines).toEqual([])
  })

  it('shows errors of clients among more successes than its rate', async () => {
    const config = loadConfig({ LOG_REQUESTS_PER_SECOND: '1' })
    const many = Array.from({ length: 5 }, () => '{"text":["a"]}')
    const { lines } = await observed('{', { config }, ...many)
    expect(lines.map((line) => JSON.parse(line).status)).toContain(400)
  })

  it('changes no answer when it fails, and counts the line', async () => {
    const metrics = createMetrics(LABELS)
    const write = () => {
      throw new Error('no space left on device')
    }
    const log = pino({}, { write })
    const response = await post(createTestApp({ log, metrics }), '{"text":["I love it"]}')
    expect(response.status).toBe(200)
    expect(await metrics.registry.metrics()).toContain('\npolarity_log_lines_lost_total 1\n')
  })

  it('warns of a slow request', async () => {
    const config = loadConfig({ LOG_REQUESTS_PER_SECOND: '0', LOG_SLOW_MS: '1' })
    const classify = async (texts: readonly string[]) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return texts.map(answerTo)
    }
    const { lines } = await observed('{"text":["a"]}', { config, classify })
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 40, status: 200 }])
  })

  it('has the cause and stack of a bug', async () => {
    const classify = () => Promise.reject(new Error('the reason'))
    const { lines } = await observed('{"text":["a"]}', { classify })
    expect(lines.join()).toContain('the reason')
  })
})

describe('the metrics', () => {
  it.each([
    'http_requests_total{method="POST",route="/predict",status="200",ok="true"} 1',
    'polarity_texts_total{source="model"} 2',
    'polarity_predictions_total{label="POSITIVE"} 1',
    'polarity_predictions_total{label="NEGATIVE"} 1',
  ])('count %s', async (sample) => {
    expect((await observed('{"text":["I love it","I hate it"]}')).scrape).toContain(sample)
  })

  it('count a rejection by its code', async () => {
    expect((await observed('{')).scrape).toContain(
      'polarity_rejected_total{code="malformed_json"} 1',
    )
  })

  it('count a truncated text', async () => {
    const { scrape } = await observed(JSON.stringify({ text: ['long '.repeat(25)] }))
    expect(scrape).toContain('polarity_truncated_texts_total 1')
  })
})
