import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { domOf, hasChromium } from '../../harness/chromium.ts'
import { HOSTILE, hostileTable, reportOn } from '../cli/report/report-on.ts'

describe.skipIf(!hasChromium)('the report in a browser', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'report-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const open = async (page: string) => {
    const file = join(folder, 'report.html')
    writeFileSync(file, page)
    return await domOf(file)
  }

  it('runs its own script, from a file', async () => {
    const dom = await open(await reportOn('text\nI love it\n'))
    expect(dom).toContain('<div role="search"><label')
  })

  it('runs nothing that a text, a column or a file is named', async () => {
    const dom = await open(await reportOn(hostileTable(), [HOSTILE]))
    expect(dom).not.toContain('data-ran')
    expect(dom).toContain('<div role="search"><label')
  })

  it('would run it if it did not escape it and had no policy: the attack is one', async () => {
    const page = await reportOn('text\nI love it\n')
    const open_ = page
      .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
      .replace('I love it', HOSTILE)
    expect(await open(open_)).toContain('data-ran')
  })

  it('runs nothing by its policy alone either', async () => {
    const page = await reportOn('text\nI love it\n')
    const dom = await open(page.replaceAll('I love it', HOSTILE))
    expect(dom).not.toContain('data-ran')
  })
})
