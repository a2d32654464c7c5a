import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PICTURED, shapeOf } from '../../observability/grafana/build.ts'
import { isRow } from '../../observability/grafana/shape.ts'
import { OBSERVABILITY } from './rules.ts'

const textsOf = (svg: string) =>
  [...svg.matchAll(/>([^<>]+)<\/t(?:ext|span)>/g)].map(([, text]) => text)

describe('the pictures in the tree', () => {
  const read = (name: string) => readFileSync(join(OBSERVABILITY, `pictures/${name}.svg`), 'utf8')

  it.each(PICTURED.map(shapeOf))('show all panels that $uid shows', ({ uid, panels }) => {
    const titles = panels.filter((panel) => !isRow(panel)).map(({ title }) => title)
    const texts = textsOf(read(uid))
    expect(titles.filter((title) => !texts.includes(title))).toEqual([])
    expect(texts).not.toContain('No data')
  })

  it('show a trace from the request to the batch that ran it', () => {
    const texts = textsOf(read('trace'))
    const steps = [
      'POST /predict',
      'cache memory',
      'cache redis',
      'tokenize',
      'queue',
      'inference',
      'batch',
    ]
    expect(texts).toEqual(expect.arrayContaining(steps))
  })
})
