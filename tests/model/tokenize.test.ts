import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTokenizer, type Tokenizer } from '../../model/tokenize.ts'

const FIXTURE = join(import.meta.dirname, '../fixtures/faulty-model')
const REPLACEMENT_ID = 10

describe('a tokenizer that cleans nothing away', () => {
  let folder: string
  let tokenizer: Tokenizer
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
    await cp(FIXTURE, folder, { recursive: true })
    const settings = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8'))
    settings.normalizer = null
    settings.model.vocab['\ufffd'] = REPLACEMENT_ID
    await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(settings))
    tokenizer = await openTokenizer(folder, { maxTokens: 16, longTexts: 'truncate' })
  })
  afterAll(() => rm(folder, { recursive: true }))

  // The cache's key is a hash of UTF-8, where each of them is U+FFFD: one key must have one score.
  it.each(['\ud83d', '\ude00', '\ufffd'])('reads half an emoji as U+FFFD: %j', (half) => {
    expect(tokenizer.encode(`good ${half} bad`).ids).toContain(REPLACEMENT_ID)
  })
})
