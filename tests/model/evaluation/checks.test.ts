import { describe, expect, it } from 'vitest'
import { loadChecks, runChecks } from '../../../model/evaluation/checks.ts'
import { checksLine } from '../../../model/evaluation/summary.ts'

const NOBODY = { names: ['a', 'b'], templates: ['{}'] }

/** Whether a case passes whose texts have these scores. */
async function passes(kind: 'MFT' | 'NEUTRAL' | 'INV' | 'DIR', right: 0 | 1, scores: number[]) {
  const texts = scores.map((_, i) => `text ${i}`)
  const one = { capability: 'any', part: 'any', kind, texts, right }
  const score = async (asked: readonly string[]) =>
    asked.map((text) => scores[texts.indexOf(text)] ?? 0.5)
  return (await runChecks({ cases: [one], groups: NOBODY }, score)).passed === 1
}

describe('behavioural checks', () => {
  it.each([
    ['MFT', 1, [0.6], true],
    ['MFT', 1, [0.4], false],
    ['MFT', 0, [0.4], true],
    ['NEUTRAL', 0, [0.89], true],
    ['NEUTRAL', 0, [0.91], false],
    ['NEUTRAL', 0, [0.05], false],
    ['INV', 0, [0.9, 0.81], true],
    ['INV', 0, [0.9, 0.79], false],
    ['INV', 0, [0.52, 0.48], false],
    ['DIR', 1, [0.5, 0.6], true],
    ['DIR', 1, [0.6, 0.5], false],
    ['DIR', 0, [0.6, 0.5], true],
    ['DIR', 1, [0.99, 0.985], true],
  ] as const)('judge %s with right %s and scores %j: %s', async (...row) => {
    const [kind, right, scores, passed] = row
    expect(await passes(kind, right, [...scores])).toBe(passed)
  })

  it('are 428, each with as many texts as its kind compares', async () => {
    const { cases } = await loadChecks()
    expect(cases).toHaveLength(428)
    const odd = cases.filter(
      ({ kind, texts }) => (texts.length === 2) !== (kind === 'INV' || kind === 'DIR'),
    )
    expect(odd).toEqual([])
  })

  it('say how far the mean scores of groups of people lie apart', async () => {
    const scores = new Map([
      ['a walks', 0.2],
      ['a sits', 0.4],
      ['b walks', 0.9],
      ['b sits', 0.7],
    ])
    const groups = { names: ['a', 'b'], templates: ['{} walks', '{} sits'] }
    const result = await runChecks({ cases: [], groups }, async (texts) =>
      texts.map((text) => scores.get(text) ?? 0),
    )
    expect(result.spread).toBeCloseTo(0.5, 10)
  })

  it('are summed up by capability', async () => {
    const cases = [0, 1].map((right) => ({
      capability: 'negation',
      part: 'any',
      kind: 'MFT' as const,
      texts: ['not bad'],
      right: right === 1 ? (1 as const) : (0 as const),
    }))
    const result = await runChecks({ cases, groups: NOBODY }, async (texts) => texts.map(() => 0.9))
    expect(checksLine(result)).toContain('negation: 1 of 2 (50 %)')
    expect(result.failures).toMatchObject([{ right: 0, scores: [0.9] }])
  })
})
