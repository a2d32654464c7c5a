import type { PanelShape } from '../grafana/shape.ts'
import type { PanelData, Scenery, Size } from './data.ts'
import { escaped, text, widthOf } from './svg.ts'
import { THEME } from './theme.ts'

const LINE = 17
const PIECE = /\*\*(.+?)\*\*|`(.+?)`|\[(.+?)\]\(.+?\)/

/** Of strong words, code and links. */
const STYLES = [
  'font-weight="600" fill="#fff"',
  'font-family="monospace" fill="#f0a05a"',
  `fill="${THEME.link}"`,
]

interface Word {
  readonly content: string
  readonly style: string
}

/** Markdown of paragraphs and lists, with strong words, code and links, broken into lines. */
export function drawMarkdown({ options }: PanelShape, _: PanelData, { width }: Size & Scenery) {
  const lines = String(options.content ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
  let y = 4
  return lines
    .flatMap((line) => {
      const bullet = line.startsWith('- ')
      const left = bullet ? 26 : 12
      const drawn = broken(wordsOf(line.replace(/^- /, '')), width - left - 10).map((words, i) => {
        y += LINE
        const dot = bullet && i === 0 ? text([14, y], '•') : ''
        return dot + drawWords(words, left, y)
      })
      y += 3
      return drawn
    })
    .join('')
}

function wordsOf(line: string): Word[] {
  const match = PIECE.exec(line)
  if (!match) return toWords(line, '')
  const [whole, ...parts] = match
  const styled = parts.flatMap((part, i) => toWords(part ?? '', STYLES[i] ?? ''))
  return [
    ...toWords(line.slice(0, match.index), ''),
    ...styled,
    ...wordsOf(line.slice(match.index + whole.length)),
  ]
}

const toWords = (line: string, style: string): Word[] =>
  (line.match(/\s*\S+\s*/g) ?? []).map((content) => ({ content, style }))

function broken(words: readonly Word[], width: number): Word[][] {
  const lines: Word[][] = [[]]
  let used = 0
  for (const word of words) {
    const wide = widthOf(word.content)
    if (used > 0 && used + wide > width) {
      lines.push([])
      used = 0
    }
    lines.at(-1)?.push(word)
    used += wide
  }
  return lines
}

const drawWords = (words: readonly Word[], left: number, y: number) => {
  const spans = words.map(({ content, style }) => `<tspan ${style}>${escaped(content)}</tspan>`)
  return `<text x="${left}" y="${y}" xml:space="preserve">${spans.join('')}</text>`
}
