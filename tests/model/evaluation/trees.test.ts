import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTrees } from '../../../model/evaluation/trees.ts'
import { rejection } from '../../rejection.ts'

describe('a file of trees', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trees-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function read(...lines: readonly string[]) {
    const file = join(folder, 'trees.txt')
    await writeFile(file, lines.map((line) => `${line}\n`).join(''))
    return readTrees(file)
  }

  it('has sentences with the place and the level of each word', async () => {
    expect(await read('(4 (2 A) (4 (3 (3 fine) (2 film)) (2 .)))')).toEqual([
      {
        text: 'A fine film .',
        level: 4,
        leaves: [
          { from: 0, to: 1, level: 2 },
          { from: 2, to: 6, level: 3 },
          { from: 7, to: 11, level: 2 },
          { from: 12, to: 13, level: 2 },
        ],
      },
    ])
  })

  it('has brackets, quotes and slashes as people write them', async () => {
    const [tree] = await read("(1 (2 (2 -LRB-) (2 ``)) (1 (2 and\\/or) (1 (2 '') (2 -RRB-))))")
    expect(tree?.text).toBe('( " and/or " )')
  })

  it('is read without the sentences that people call neutral', async () => {
    const trees = await read('(2 (2 A) (2 film))', '(0 (0 Bad) (2 film))')
    expect(trees.map(({ text }) => text)).toEqual(['Bad film'])
  })

  it.each([['plain text'], ['']])('is refused if it is %j', async (line) => {
    expect(await rejection(read(line))).toMatchObject({
      message: expect.stringMatching(/has no lines like \(3 \(2 a\) \(4 good\)\)$/),
    })
  })

  it('is refused if it is not there', async () => {
    expect(await rejection(readTrees(join(folder, 'none')))).toMatchObject({
      message: expect.stringMatching(/can't be read$/),
    })
  })
})
