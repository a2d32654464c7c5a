import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rateLimited } from '../../app/classifier/rate-limited.ts'
import { LocalBuckets } from '../../app/token-bucket.ts'
import { createCall, fakeClassify } from '../fakes.ts'

const PER_MINUTE = 60
const MINUTE_MS = 60_000

const requests = fc.array(
  fc.record({
    caller: fc.constantFrom('a', 'b', 'c'),
    texts: fc.integer({ min: 1, max: PER_MINUTE }),
    pauseMs: fc.oneof(fc.nat(2000), fc.nat(2 * MINUTE_MS)),
  }),
  { maxLength: 60 },
)

type Request = typeof requests extends fc.Arbitrary<(infer T)[]> ? T : never

interface Taken {
  readonly at: number
  readonly texts: number
}

/** The most texts that were let through within a minute from some moment on, less what such a minute may hold. */
function excess(taken: readonly Taken[]): number {
  const sums = taken.map(({ at }) =>
    taken
      .filter((other) => other.at >= at && other.at < at + MINUTE_MS)
      .reduce((sum, { texts }) => sum + texts, 0),
  )
  return Math.max(0, ...sums) - 2 * PER_MINUTE
}

type Send = (caller: string, texts: number) => Promise<boolean>

/** Sends requests one after the other; says of each caller what it got. */
async function play(list: readonly Request[]) {
  const clock = { ms: 0 }
  const classify = rateLimited(fakeClassify().classify, {
    textsPerMinute: PER_MINUTE,
    missCost: 1,
    buckets: new LocalBuckets(PER_MINUTE, () => clock.ms),
  })
  const send: Send = (caller, texts) =>
    classify(Array(texts).fill('a'), createCall({ caller })).then(
      () => true,
      () => false,
    )
  const taken: Record<string, Taken[]> = { a: [], b: [], c: [] }
  const refusedAtRest: Request[] = []
  for (const request of list) {
    clock.ms += request.pauseMs
    const mine = taken[request.caller] ?? []
    const atRest = mine.every(({ at }) => at <= clock.ms - MINUTE_MS)
    const passed = await send(request.caller, request.texts)
    if (passed) mine.push({ at: clock.ms, texts: request.texts })
    if (atRest && !passed) refusedAtRest.push(request)
  }
  return { taken: Object.values(taken), refusedAtRest }
}

it('a caller never gets more in a minute than a full bucket and what flows into it', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (list) => {
      const { taken } = await play(list)
      for (const mine of taken) expect(excess(mine)).toBeLessThanOrEqual(0)
    }),
    { numRuns: 200 },
  )
})

it('a caller who took nothing for a minute is not refused, whatever others took', async () => {
  await fc.assert(
    fc.asyncProperty(requests, async (list) => {
      expect((await play(list)).refusedAtRest).toEqual([])
    }),
    { numRuns: 200 },
  )
})
