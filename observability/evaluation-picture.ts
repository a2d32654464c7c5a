import { binsOf, type Judgement } from '../model/evaluation/metrics.ts'
import type { Evaluation } from '../model/evaluation/summary.ts'
import { toSvg } from './drawing/svg.ts'
import { drawLineChart, type Line } from './line-chart.ts'

const [WIDTH, HEIGHT] = [480, 320]
const SLOTS = 20

/**
 * How far scores can be believed: on the left how often answers are right beside how sure they are, on
 * the right what scores of the last label rows of each label have, and texts without an opinion.
 */
export function drawEvaluation(labels: readonly string[], { sets, neutral }: Evaluation): string {
  const judgements = [...sets.values()].flat()
  const last = labels.at(-1) ?? ''
  const reliability = drawLineChart({
    title: 'Right answers by score',
    x: { name: 'score of the answer', max: 1 },
    y: { name: 'share of right answers', max: 1 },
    lines: [
      {
        name: 'perfectly calibrated',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
      ...[...sets].map(([name, own]) => ({ name, points: reliabilityOf(own) })),
    ],
    dots: true,
    width: WIDTH,
    height: HEIGHT,
  })
  const histograms = drawLineChart({
    title: `Scores for ${last}, by what the text is`,
    x: { name: `score for ${last}`, max: 1 },
    y: { name: 'share of the texts' },
    lines: [
      ...labels.map((name, label) =>
        histogram(
          name,
          judgements.filter((one) => one.label === label).map(({ scores }) => scores),
        ),
      ),
      ...(neutral.length > 0 ? [histogram('no opinion', neutral)] : []),
    ],
    width: WIDTH,
    height: HEIGHT,
  })
  const title = '<title>How far the scores can be believed</title>'
  const body = `${title}\n${reliability}\n<g transform="translate(${WIDTH} 0)">${histograms}</g>`
  return toSvg([2 * WIDTH, HEIGHT + 12], body)
}

const reliabilityOf = (judgements: readonly Judgement[]): Line['points'] =>
  binsOf(judgements).map(({ confidence, accuracy }) => [confidence, accuracy])

/** A line of steps: the share of the texts in each slot of the last label's score. */
function histogram(name: string, all: readonly (readonly number[])[]): Line {
  const counts = Array.from({ length: SLOTS }, () => 0)
  for (const scores of all) {
    const slot = Math.min(SLOTS - 1, Math.floor((scores.at(-1) ?? 0) * SLOTS))
    counts[slot] = (counts[slot] ?? 0) + 1
  }
  const points = counts.flatMap((count, slot): [number, number][] => [
    [slot / SLOTS, count / all.length],
    [(slot + 1) / SLOTS, count / all.length],
  ])
  return { name, points }
}
