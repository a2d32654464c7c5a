import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toOutcome } from '../../../cli/bulk/outcome.ts'
import { toReportPage } from '../../../cli/report/page.ts'
import { fakePredictor } from '../bulk/fake-predictor.ts'
import { classifyBytes } from '../bulk/run.ts'
import { FACTS, HOSTILE, hostileTable, reportOn } from './report-on.ts'

describe('the report', () => {
  it('loads nothing, and lets nothing run but its own style and script', async () => {
    const page = await reportOn('text\nI love it\n')
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)?.[1]
    const hashOf = (tag: string) => {
      const source = page.slice(
        page.indexOf(`<${tag}>`) + tag.length + 2,
        page.indexOf(`</${tag}>`),
      )
      return `&#39;sha256-${createHash('sha256').update(source).digest('base64')}&#39;`
    }
    expect(policy?.split('; ')).toEqual([
      'default-src &#39;none&#39;',
      `style-src ${hashOf('style')}`,
      `script-src ${hashOf('script')}`,
      'base-uri &#39;none&#39;',
      'form-action &#39;none&#39;',
    ])
    expect(page).not.toMatch(/\s(src|href|style|on\w+)=|@import|url\((?!#)/)
  })

  it('is small but for its rows', async () => {
    const page = await reportOn('text\nI love it\n')
    expect(page.length).toBeLessThan(40_000)
  })

  it('shows a text as it is, whatever it holds', async () => {
    const page = await reportOn(hostileTable())
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<(img|iframe|b|a)\b/)
    expect(page).toContain('&lt;img src=x onerror=')
    expect(page.isWellFormed()).toBe(true)
    expect(page).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('shows names of files and columns as they are, too', async () => {
    const { counts } = await classifyBytes({
      name: 'in.csv',
      bytes: hostileTable(),
      by: [HOSTILE],
      showRows: true,
    })
    const page = await toReportPage(counts, { ...FACTS, inputs: [HOSTILE] })
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<img\b/)
  })

  it('says what was classified by what, when and how', async () => {
    const page = await reportOn('text\nI love it\n')
    for (const fact of ['in.csv', '5 Mar 2026, 17:04 UTC', 'Apache-2.0', FACTS.model.digest])
      expect(page).toContain(fact)
  })

  it('has the same figures in words as in its charts', async () => {
    const page = await reportOn(
      'text,product\nlove,Kettle\nlove it,Kettle\nno,Kettle\nno,Lamp\n,Lamp\n',
      ['product'],
    )
    expect(page).toContain('50.0\u202f% of 4 texts are')
    expect(page).toMatch(/Kettle<\/bdi>.*66\.7\u202f%.*0\.0\u202f%.*>3</s)
    expect(page).toContain('1 blank')
  })

  it('says how many values it folds into one bar', async () => {
    const rows = Array.from({ length: 25 }, (_, i) => `no,product ${i}`)
    const page = await reportOn(`text,product\n${rows.join('\n')}\n`, ['product'])
    expect(page).toContain('The 20 most frequent of 25 values')
    expect(page).toContain('5 other values')
  })

  it('says that a column has too many values', async () => {
    const rows = Array.from({ length: 10_001 }, (_, i) => `no,user ${i}`)
    const page = await reportOn(`text,user\n${rows.join('\n')}\n`, ['user'])
    expect(page).toContain('Too many values to tell apart: over 10,000')
  })

  it('has bars of the last label where a model has several', async () => {
    const labels = ['BAD', 'FAIR', 'GOOD']
    const predict = async (texts: readonly string[]) =>
      texts.map(() => toOutcome(labels, { scores: [0.1, 0.6, 0.3], truncated: false, source: '' }))
    const { counts } = await classifyBytes({
      name: 'in.csv',
      bytes: 'text\nso so\n',
      predictor: { ...fakePredictor(), labels, predict },
      showRows: true,
    })
    const page = await toReportPage(counts, FACTS)
    expect(page).toContain('<bdi>not GOOD</bdi>')
    expect(page).not.toContain('From 0.25 to 0.75')
    for (const label of labels) expect(page).toContain(`<dt><bdi>${label}</bdi></dt>`)
  })

  it('says that no row could be classified', async () => {
    const page = await reportOn('text\n')
    expect(page).toContain('No row could be classified.')
    expect(page).not.toMatch(/NaN|Infinity|undefined/)
  })

  it.each([
    ['by a column that is not there', 'in.csv', 'there is no column "size"'],
    ['by a column of plain lines', 'in.txt', 'plain lines have no columns'],
  ])('is refused %s', async (_, name, message) => {
    const error = await classifyBytes({ name, bytes: 'text\nno\n', by: ['size'] }).catch(
      (cause) => cause,
    )
    expect(error).toMatchObject({ name: 'UsageError', message: expect.stringContaining(message) })
  })

  it('counts members of JSON Lines, of whatever kind', async () => {
    const lines = [
      '{"text":"no","size":7}',
      '{"text":"no","size":null}',
      '{"text":"no","size":{"a":1}}',
      '{"text":"no","__proto__":1}',
      '"no"',
    ]
    const { counts } = await classifyBytes({
      name: 'in.jsonl',
      bytes: `${lines.join('\n')}\n`,
      by: ['size'],
    })
    expect([...(counts.groups[0]?.values.keys() ?? [])]).toEqual(['7', '{"a":1}'])
    expect(counts.groups[0]?.empty.rows).toBe(3)
  })
})
