import { escaped } from '../../observability/drawing/svg.ts'

const COLOURS = { ground: '#12161c', edge: '#333d49', text: '#e7ebf1', prompt: '#4fb8d3' }
const DOTS = ['#f0935c', '#e3c567', '#6fbf8b']

/** In pixels. */
const [LETTER, LINE, EDGE, TOP] = [7.8, 20, 18, 44]

/** What was typed, and what was answered. */
export interface Exchange {
  readonly command: string
  readonly answer: readonly string[]
}

/** A terminal with these commands and their answers, as an SVG. */
export function drawTerminal(exchanges: readonly Exchange[], columns: number): string {
  const lines = exchanges.flatMap(({ command, answer }) => [
    ...command.split('\n').map((part, i) => drawLine(part, i === 0 ? '$ ' : '  ')),
    ...answer.map((part) => drawLine(part, '')),
  ])
  const width = Math.ceil(columns * LETTER + 2 * EDGE)
  const height = TOP + lines.length * LINE + EDGE
  const dots = DOTS.map(
    (colour, i) => `<circle cx="${EDGE + 6 + i * 20}" cy="20" r="6" fill="${colour}"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="${COLOURS.text}">
<title>A terminal in which polarity classifies a file</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${COLOURS.ground}" stroke="${COLOURS.edge}"/>
${dots.join('')}
${lines.map((line, i) => `<text x="${EDGE}" y="${TOP + (i + 0.75) * LINE}" xml:space="preserve" ${line}`).join('\n')}
</svg>
`
}

/** Letters are as wide as each other in whatever font there is. */
function drawLine(line: string, prompt: string): string {
  const length = (LETTER * (prompt.length + line.length)).toFixed(1)
  const sign = prompt === '' ? '' : `<tspan fill="${COLOURS.prompt}">${prompt}</tspan>`
  return `textLength="${length}" lengthAdjust="spacingAndGlyphs">${sign}<tspan>${escaped(line)}</tspan></text>`
}
