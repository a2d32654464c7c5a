import { describe, expect, it } from 'vitest'
import { PolarityError } from '../../client/src/index.ts'
import { rejection } from '../rejection.ts'
import { clientOf } from './serving.ts'

describe('of the calls of one tick one alone fails if its text', () => {
  it('is blank', async () => {
    const { client } = clientOf()
    const bad = rejection(client.classify(['text 1', ' ']))
    const good = client.classify('text 2')
    expect((await good).scores[1]?.score).toBe(0.002)
    expect(await bad).toMatchObject({
      code: 'invalid_request',
      status: 422,
      positions: [1],
      errors: [{ path: 'text[1]', message: 'Must not be blank.' }],
      message: 'text[1]: Must not be blank.',
    })
  })

  it('is too long, without being sent', async () => {
    const { client, sent } = clientOf()
    const bad = rejection(client.classify('x'.repeat(201)))
    await client.classify('text 2')
    expect(await bad).toMatchObject({ code: 'invalid_request', positions: [0] })
    expect(sent()).toEqual([['text 2']])
  })

  it('breaks the service', async () => {
    const { client } = clientOf()
    const bad = rejection(client.classify('poison'))
    const good = await Promise.all([1, 2, 3].map((n) => client.classify(`text ${n}`)))
    expect(good.map(({ scores }) => scores[1]?.score)).toEqual([0.001, 0.002, 0.003])
    expect(await bad).toMatchObject({ code: 'internal', status: 500, positions: [0] })
  })

  it('is too long for the model, and must not be cut', async () => {
    const { client } = clientOf()
    const bad = rejection(client.classify('x'.repeat(101), { truncate: false }))
    const good = client.classify('text 2', { truncate: false })
    expect((await good).truncated).toBe(false)
    expect(await bad).toBeInstanceOf(PolarityError)
  })
})
