import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findModel } from '../../model/catalog.ts'
import { readModelCard } from '../../model/model-card.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polarity-card-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (text: string) => writeFileSync(join(folder, 'README.md'), text)

describe('a model’s card', () => {
  it('may be missing', async () => {
    expect(await readModelCard(folder)).toBeUndefined()
  })

  it('needs nothing for programs', async () => {
    write('# Mine\n')
    const nothing = { unsure: null, limits: null, markdown: '# Mine\n', pictures: new Map() }
    expect(await readModelCard(folder)).toEqual(nothing)
  })

  it('may be one of the hub, with YAML of any kind', async () => {
    write(
      '---\ntags:\n- a\nmodel-index:\n  - name: x\nunsure: [0.3, 0.6]\nlimits: It is: small.\n---\n# X\n',
    )
    const card = await readModelCard(folder)
    expect([card?.unsure, card?.limits, card?.markdown]).toEqual([
      [0.3, 0.6],
      'It is: small.',
      '# X\n',
    ])
  })

  it.each(['[0.7, 0.3]', '[0.3]', '[0.3, 2]', 'maybe', '[0.3'])(
    'must not have a range that is none: %s',
    async (range) => {
      write(`---\nunsure: ${range}\n---\n`)
      const error = await readModelCard(folder).catch((reason) => reason)
      expect(error.message).toMatch(/^README\.md: unsure: /)
    },
  )

  it('brings the pictures that it names, from its own folder', async () => {
    writeFileSync(join(folder, 'a.svg'), '<svg/>')
    write('![A](a.svg) ![B](missing.svg) ![C](../c.svg)')
    expect((await readModelCard(folder))?.pictures).toEqual(new Map([['a.svg', '<svg/>']]))
  })
})

describe('the card of the bundled model', () => {
  const read = async () => readModelCard((await findModel('sst2-minilm')).folder)

  it('has its reliability diagram', async () => {
    expect([...((await read())?.pictures.keys() ?? [])]).toEqual(['evaluation.svg'])
  })

  it('says the same of what is unsure to people and to programs', async () => {
    const card = await read()
    const [from, to] = card?.unsure ?? []
    expect(card?.markdown).toContain(`from ${from} to ${to}`)
  })
})
