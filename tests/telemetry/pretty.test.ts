import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { LogEvent } from '../../app/telemetry/events.ts'
import { toPretty } from '../../app/telemetry/pretty.ts'

const READY = {
  version: '1.2.3',
  model: 'tiny',
  workers: 2,
  host: '0.0.0.0',
  port: 8000,
  internal_port: 9464,
  start_seconds: 0.61,
}

/** As a person reads it, without colours. */
function read(event: LogEvent, fields: Record<string, unknown> = {}): string {
  const line = { level: 'info', time: '2026-01-02T03:04:05.678Z', event, msg: event, ...fields }
  return stripVTControlCharacters(toPretty(JSON.stringify(line)))
}

describe('a line of the log for people', () => {
  it('greets with name, model, workers, time and addresses', () => {
    const shown = read('ready', READY)
    expect(shown).toContain('Polarity 1.2.3  tiny  2 workers  ready in 0.6 s')
    expect(shown).toMatch(/App +http:\/\/localhost:8000\/\n/)
    expect(shown).toMatch(/Docs +http:\/\/localhost:8000\/docs\n/)
    expect(shown).toMatch(/Metrics +http:\/\/localhost:9464\/metrics\n/)
  })

  it('names a host that was chosen', () => {
    expect(read('ready', { ...READY, host: '::1' })).toContain('http://[::1]:8000/')
  })

  it('tells of a request', () => {
    const request = { method: 'POST', route: '/predict', status: 200, ms: 1.234, texts: 1 }
    expect(read('request', { ...request, cache: 'HIT' })).toMatch(
      /^\d\d:\d\d:05 {2}POST \/predict {2}200 {2}1\.2 ms {2}1 text {2}HIT$/,
    )
  })

  it('shows the message and fields of other events, without the event name', () => {
    const fields = { level: 'warn', msg: 'redis disconnected', reason: 'closed' }
    expect(read('redis_disconnected', fields)).toMatch(
      /^\S+ {2}warn {2}redis disconnected {2}reason=closed$/,
    )
  })

  it('shows the stack of a bug', () => {
    const err = { type: 'Error', message: 'broken', stack: 'Error: broken\n    at here' }
    expect(read('request', { level: 'error', err })).toContain('\nError: broken\n    at here')
  })
})
