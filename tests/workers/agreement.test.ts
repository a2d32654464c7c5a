import { describe, expect, it } from 'vitest'
import { createAgreement } from '../../app/workers/agreement.ts'

function computing(numerics: string) {
  const thread = {
    ready: { numerics },
    closed: false,
    async close() {
      thread.closed = true
    },
  }
  return thread
}

describe('the agreement of workers', () => {
  it('lets every one pass that is of the first one’s class', async () => {
    const agreed = createAgreement()
    const threads = [computing('a'), computing('a')]
    expect(await Promise.all(threads.map(agreed))).toEqual(threads)
  })

  it('refuses one of another class, and closes it', async () => {
    const agreed = createAgreement()
    await agreed(computing('a'))
    const other = computing('b')
    const error = await agreed(other).catch((failed: Error) => failed)
    expect(error).toMatchObject({ name: 'ModelError', message: expect.stringContaining('a and b') })
    expect(other.closed).toBe(true)
  })
})
