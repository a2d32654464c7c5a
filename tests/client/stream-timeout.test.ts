import { describe, expect, it } from 'vitest'
import { rejection } from '../rejection.ts'
import { answerTo, clientOf, scripted } from './serving.ts'

describe('a stream with a timeout', () => {
  it('may take longer than that, as long as there are answers', async () => {
    const serve = scripted(async (texts) => {
      await new Promise((resolve) => setTimeout(resolve, 350))
      return answerTo(texts)
    })
    const { client } = clientOf(serve, { concurrency: 1 })
    const texts = Array.from({ length: 28 }, (_, i) => `text ${i}`)
    let count = 0
    for await (const { prediction } of client.stream(texts, { timeoutMs: 2000 })) {
      if (prediction) count++
    }
    expect(count).toBe(28)
  })

  it('ends if there is no answer at all', async () => {
    const { client } = clientOf(scripted(() => new Promise(() => undefined)))
    const rows = client.stream(['text 1', 'text 2'], { timeoutMs: 50 })
    expect(await rejection(rows.next())).toMatchObject({ code: 'timeout' })
  })
})
