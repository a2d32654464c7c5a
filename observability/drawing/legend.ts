import { text, widthOf } from './svg.ts'

interface Entry {
  readonly name: string
  readonly colour: string
}

const ROW = 16
const MOST_ROWS = 2

/** The names of series, in as many rows as they need, and at most two, as there is more of a panel below. */
export function drawLegend(entries: readonly Entry[], width: number) {
  let [x, row] = [12, 0]
  const drawn = entries.flatMap(({ name, colour }) => {
    const wide = 28 + widthOf(name)
    if (x > 12 && x + wide > width) [x, row] = [12, row + 1]
    const left = x
    x += wide
    if (row >= MOST_ROWS) return []
    const y = row * ROW + 5
    return `<rect x="${left}" y="${y - 2}" width="14" height="4" rx="2" fill="${colour}"/>${text([left + 19, y + 4], name)}`
  })
  const rows = entries.length === 0 ? 0 : Math.min(row + 1, MOST_ROWS)
  return { body: drawn.join(''), height: rows * ROW + 2 }
}
