import { describe, expect, it } from 'vitest'
import { setup } from './scheduling.ts'

/** A text of so many tokens. */
const text = (tokens: number) =>
  Array(tokens - 2)
    .fill('word')
    .join(' ')

/** The lengths of the batches that single texts make which came while the worker was busy. */
async function batchesOf(runTokens: number, ...lengths: number[]): Promise<number[][]> {
  const { batches, finish, begin } = setup({
    runTokens,
    maxBatchTokens: 1000,
    maxQueueTokens: 10_000,
  })
  await begin(['first'], ...lengths.map((tokens) => [text(tokens)]))
  for (let i = 0; i < lengths.length; i++) await finish()
  return batches.slice(1).map((batch) => batch.map((one) => one.split(' ').length + 2))
}

describe('a text is padded', () => {
  it('as far as a run of its own would cost', async () => {
    expect(await batchesOf(9, 12, 20)).toEqual([[12, 20]])
  })

  it('no farther', async () => {
    expect(await batchesOf(7, 12, 20)).toEqual([[12], [20]])
  })

  it('also where what waits has fewer tokens than the batch with its padding', async () => {
    expect(await batchesOf(20, 10, 20, 15)).toEqual([[10, 15, 20]])
  })

  it('only if it makes no other texts wider than that', async () => {
    expect(await batchesOf(8, 10, 10, 10, 13)).toEqual([[10, 10, 10], [13]])
  })

  it('only in a batch so small that a run costs more than its tokens', async () => {
    expect(await batchesOf(9, 32, 40)).toEqual([[32], [40]])
  })
})
