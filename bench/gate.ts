import { median } from './statistics.ts'

/** A goal and what was measured. */
export interface Gate {
  /** What is measured, as a reader would name it. */
  readonly goal: string
  readonly runtime: string
  readonly limit: { readonly atLeast: number } | { readonly atMost: number }
  /** One figure a round; none if it could not be measured. */
  readonly rounds: readonly number[]
}

export interface Verdict extends Gate {
  /** Median of the rounds; null if there are none. */
  readonly figure: number | null
  readonly verdict: 'met' | 'missed' | 'not measured'
}

export function judge(gate: Gate): Verdict {
  const figure = median(gate.rounds)
  if (Number.isNaN(figure)) return { ...gate, figure: null, verdict: 'not measured' }
  const { limit } = gate
  const met = 'atLeast' in limit ? figure >= limit.atLeast : figure <= limit.atMost
  return { ...gate, figure, verdict: met ? 'met' : 'missed' }
}

/** One line a goal: verdict, figure, limit, runtime, goal, and how far its rounds lie apart. */
export function tableOf(verdicts: readonly Verdict[]): string {
  const line = ({ goal, runtime, limit, rounds, figure, verdict }: Verdict) => {
    const bound =
      'atLeast' in limit ? `>= ${limit.atLeast.toFixed(2)}` : `<= ${limit.atMost.toFixed(2)}`
    const shown = figure === null ? '-' : figure.toFixed(2)
    return `${verdict.padEnd(13)}${shown.padStart(6)}  ${bound}  ${runtime.padEnd(5)} ${goal}${spreadOf(rounds)}\n`
  }
  return verdicts.map(line).join('')
}

function spreadOf(rounds: readonly number[]): string {
  if (rounds.length < 2) return ''
  return ` (${Math.min(...rounds).toFixed(2)} to ${Math.max(...rounds).toFixed(2)})`
}
