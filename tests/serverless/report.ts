import type { ColdStart } from './cold-start.ts'

const PARTS = [
  'answer',
  'process',
  'verify',
  'threads',
  'load',
  'selfTest',
  'pace',
  'first',
] as const satisfies readonly (keyof ColdStart)[]

interface Result {
  readonly runtime: string
  readonly pageCache: string
  readonly median: ColdStart
}

/** Of each part by itself, so they need not add up. */
export function medians(starts: readonly ColdStart[]): ColdStart {
  const middle = (part: keyof ColdStart) => {
    const sorted = starts.map((start) => start[part]).toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  }
  return {
    answer: middle('answer'),
    process: middle('process'),
    verify: middle('verify'),
    threads: middle('threads'),
    load: middle('load'),
    selfTest: middle('selfTest'),
    pace: middle('pace'),
    first: middle('first'),
  }
}

export function toTable(results: readonly Result[]): string {
  const rows = results.map(({ runtime, pageCache, median }) => [
    runtime,
    pageCache,
    ...PARTS.map((part) => String(median[part])),
  ])
  const lines = [
    ['runtime', 'page cache', ...PARTS],
    ['---', '---', ...PARTS.map(() => '---:')],
  ]
  return [...lines, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
