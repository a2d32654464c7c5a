import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inWindows, type Session, toLogits } from '../../model/inference.ts'

const Fed = z.record(
  z.string(),
  z.object({ data: z.custom<BigInt64Array>(), dims: z.array(z.number()) }),
)

/** A session that says how many tokens and how much padding it sees in each text. */
function counting(...more: string[]) {
  const runs: z.infer<typeof Fed>[] = []
  const session: Session = {
    inputNames: ['input_ids', 'attention_mask', ...more],
    async run(feeds) {
      const fed = Fed.parse(feeds)
      runs.push(fed)
      const { data, dims } = fed.attention_mask ?? { data: new BigInt64Array(), dims: [] }
      const [texts = 0, width = 0] = dims
      const rows = Array.from({ length: texts }, (_, row) =>
        data.subarray(row * width, (row + 1) * width),
      )
      const counts = rows.map((row) => row.filter((seen) => seen === 1n).length)
      return { logits: { data: Float32Array.from(counts.flatMap((n) => [n, width - n])) } }
    },
  }
  return { session, runs }
}

const rows = { ids: Int32Array.from([5, 6, 7, 30_521]), lengths: [1, 3] }

describe('a batch', () => {
  it('is given to the session as ids and mask, each row as wide as the longest', async () => {
    const { session, runs } = counting()
    await toLogits(session, 9)(rows)
    expect(runs).toEqual([
      {
        input_ids: expect.objectContaining({
          data: BigInt64Array.from([5n, 9n, 9n, 6n, 7n, 30_521n]),
          dims: [2, 3],
        }),
        attention_mask: expect.objectContaining({
          data: BigInt64Array.from([1n, 0n, 0n, 1n, 1n, 1n]),
          dims: [2, 3],
        }),
      },
    ])
  })

  it('has the logits of each text', async () => {
    const { session } = counting()
    expect(await toLogits(session, 0)(rows)).toEqual([
      [1, 2],
      [3, 0],
    ])
  })

  it('runs a text of two windows as two rows, and has the mean of their logits', async () => {
    const { session, runs } = counting()
    const long = { ids: Int32Array.from([1, 2, 3, 4, 5, 6, 7, 8]), lengths: [3, 5] }
    const logits = await inWindows(toLogits(session, 0), 4)(long)
    expect(runs[0]?.input_ids?.data).toEqual(
      BigInt64Array.from([1n, 2n, 3n, 0n, 4n, 5n, 6n, 7n, 8n, 0n, 0n, 0n]),
    )
    expect(logits).toEqual([
      [3, 1],
      [2.5, 1.5],
    ])
  })

  it('is of one part, for a graph that asks which', async () => {
    const { session, runs } = counting('token_type_ids')
    await toLogits(session, 9)(rows)
    expect(runs[0]?.token_type_ids).toMatchObject({ data: new BigInt64Array(6), dims: [2, 3] })
  })
})
