import { describe, expect, it } from 'vitest'
import { AppError } from '../../../app/errors.ts'
import { createTestApp } from '../../fakes.ts'
import { sendTei as send } from './send.ts'

const LONG = 'long '.repeat(25)

describe('errors', () => {
  it.each([
    ['a pair', { inputs: [['a', 'b']] }, 'inputs[0]: Must be a string: the model takes no pairs.'],
    [
      'a pair by name',
      { inputs: { text: 'a', text_pair: 'b' } },
      'inputs: Must be a list of strings.',
    ],
    ['a number', { inputs: 1 }, 'inputs: Must be a list of strings.'],
    ['a blank text', { inputs: ' ' }, 'inputs: Must not be blank.'],
    ['a blank text in a list', { inputs: ['a', ' '] }, 'inputs[1]: Must not be blank.'],
    ['too many texts', { inputs: Array(5).fill('a') }, 'inputs: More than 4 texts.'],
    ['too long a text', { inputs: 'a'.repeat(201) }, 'inputs: Longer than 200 characters.'],
    [
      'raw scores',
      { inputs: 'a', raw_scores: true },
      'raw_scores: Must be false: the service has no scores but softmax.',
    ],
    [
      'another function',
      { inputs: 'a', parameters: { function_to_apply: 'none' } },
      'parameters.function_to_apply: Must be softmax: the service has no other scores.',
    ],
    [
      'no labels at all',
      { inputs: 'a', parameters: { top_k: 0 } },
      'parameters.top_k: Must be at least 1.',
    ],
  ])('have the body that these clients read: %s', async (_, body, message) => {
    const response = await send(body)
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      error: `One thing is wrong with the request. ${message}`,
      error_type: 'Validation',
    })
  })

  it.each([
    ['that is no JSON', '{"inputs":', 400],
    ['with the fields of another dialect', { text: ['a'] }, 422],
    ['that is null', 'null', 422],
    ['that is nested without end', `{"inputs":${'['.repeat(900)}${']'.repeat(900)}}`, 422],
  ])('have it at / for a body %s', async (_, body, status) => {
    const response = await send(body, { path: '/' })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error_type: 'Validation' })
  })

  it('have it for a missing key at /', async () => {
    const app = createTestApp({}, { API_KEYS: 'a'.repeat(64) })
    const response = await send({ inputs: 'a' }, { path: '/', app })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('key') })
  })

  it.each([
    ['overloaded', 'Overloaded', 429],
    ['not_ready', 'Unhealthy', 503],
    ['deadline_exceeded', 'Backend', 504],
  ] as const)('say what kind they are: %s', async (code, error_type, status) => {
    const failure = new AppError(code, 'Later.', { headers: { 'Retry-After': '7' } })
    const app = createTestApp({ classify: () => Promise.reject(failure) })
    const response = await send({ inputs: 'a' }, { app })
    expect(response.status).toBe(status)
    expect(response.headers.get('retry-after')).toBe('7')
    expect(await response.json()).toEqual({ error: 'Later.', error_type })
  })

  it('tell nothing of a bug', async () => {
    const app = createTestApp({ classify: () => Promise.reject(new Error('secret')) })
    expect(await (await send({ inputs: 'a' }, { app })).text()).not.toContain('secret')
  })

  it.each([
    ['truncate: false', { truncate: false }, 'truncate is false'],
    [
      'a direction that is not read',
      { truncation_direction: 'Left' },
      'texts are cut at the right',
    ],
  ])('refuse only texts that would be cut: %s', async (_, options, why) => {
    expect((await send({ inputs: 'short', ...options })).status).toBe(200)
    const response = await send({ inputs: ['short', LONG], ...options })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      error: `A text is too long, and ${why}. inputs[1]: Longer than 16 tokens.`,
    })
  })

  it('never repeat a text', async () => {
    expect(await (await send({ inputs: ['my secret', ' '] })).text()).not.toContain('secret')
  })
})
