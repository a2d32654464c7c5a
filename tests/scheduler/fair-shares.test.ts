import { describe, expect, it } from 'vitest'
import { FairShares } from '../../app/scheduler/fair-shares.ts'
import { Job, type Row } from '../../app/scheduler/job.ts'
import { createCall } from '../fakes.ts'

const createJob = (caller: string, behindOthers = false) =>
  new Job(['a'], createCall({ caller, behindOthers }), {
    estimates: [3],
    admittedAt: 0,
    tokensPerMs: 1,
    batchTokens: 6,
  })

const rowOf = (job: Job): Row => ({
  job,
  index: 0,
  ids: new Int32Array(3),
  length: 3,
  truncated: false,
  retry: false,
})

/** Lets a caller wait with a row, be chosen, and be given it. */
function serve(shares: FairShares, row: Row, tokens: number): void {
  shares.next(0)
  shares.ledgerOf(row.job)?.charge(tokens)
  shares.remove(row)
}

describe('fair shares', () => {
  it('keep nothing of a caller whose requests are answered', () => {
    const shares = new FairShares()
    const job = createJob('one')
    shares.open(job)
    shares.close(job)
    expect(shares.size).toBe(0)
  })

  it('do not let a caller start anew while it has requests open', () => {
    const shares = new FairShares()
    const [one, two] = [createJob('one'), createJob('two')]
    for (const job of [one, two]) shares.open(job)
    shares.add(rowOf(two))
    const first = rowOf(one)
    shares.add(first)
    serve(shares, first, 100)
    shares.add(rowOf(one))
    expect(shares.next(0)).toBe(two)
  })

  it('serve the parts of something long behind all else of their caller', () => {
    const shares = new FairShares()
    const [part, other] = [createJob('one', true), createJob('one')]
    for (const job of [part, other]) shares.open(job)
    shares.add(rowOf(part))
    shares.add(rowOf(other))
    expect(shares.next(0)).toBe(other)
  })

  it('refuse a row of a request that is not open', () => {
    expect(() => new FairShares().add(rowOf(createJob('one')))).toThrow('not open')
  })
})
