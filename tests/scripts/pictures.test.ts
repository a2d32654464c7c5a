import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

const linesOf = (svg: string) =>
  [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, line = '']) =>
    line.replaceAll(/<[^>]*>/g, '').trim(),
  )

it('the picture of the terminal shows a run over the example to its end', () => {
  const lines = linesOf(readFileSync(join(ROOT, 'docs/pictures/terminal.svg'), 'utf8'))
  const example = readFileSync(join(ROOT, 'docs/examples/reviews.csv'), 'utf8')
  const rows = example.trim().split('\n').length - 1
  expect(lines.join('\n')).toMatch(
    new RegExp(
      [
        '\\$ polarity classify reviews.csv .*--report report.html',
        `█+ 100 %, ${rows} rows, .* a second, .* cut`,
        `${rows} rows in .* s, .* a second, .* known from equal texts`,
        'NEGATIVE \\d+ \\(.* %\\), POSITIVE \\d+ \\(.* %\\)',
        'mean confidence .*unsure.*',
        'not classified: 2 blank',
        'report: report.html',
      ].join('\n'),
      's',
    ),
  )
})
