import { appendFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { CHUNK_ROWS, shardFile } from '../../../cli/bulk/shard.ts'
import { messageOf, type Sharded, withRows } from './sharded.ts'

describe('join', () => {
  const part = (work: Sharded, index: number) => shardFile(work.out, { index, of: 3 })
  it.each([
    {
      what: 'shards are missing',
      change: (work: Sharded) =>
        Promise.all([rm(`${part(work, 0)}.json`), rm(`${part(work, 2)}.json`)]),
      message: 'of 3 shards, counted from 0, these are not complete: 0, 2',
    },
    {
      what: 'there are shards of another run',
      change: (work: Sharded) => work.shard(0, 2),
      message: 'there are shards of 2 and of 3',
    },
    {
      what: 'a shard has read another input',
      change: async (work: Sharded) => {
        await appendFile(work.file, '8,no\n')
        await work.shard(1, 3, { resume: false })
      },
      message: 'shards 0 and 1 have read different inputs',
    },
    {
      what: 'a shard has other options',
      change: (work: Sharded) => work.shard(2, 3, { resume: false, prefix: 'p_' }),
      message: 'shards 0 and 2 are of different options',
    },
    {
      what: 'a part has lost bytes',
      change: (work: Sharded) => writeFile(part(work, 1), 'id'),
      message: 'out.shard-1-of-3 is not what was written',
    },
    {
      what: 'a part has other bytes',
      change: async (work: Sharded) => {
        const text = await readFile(part(work, 1), 'utf8')
        await writeFile(part(work, 1), text.replace('love', 'hate'))
      },
      message: 'out.shard-1-of-3 is not what was written',
    },
    {
      what: 'a part is gone',
      change: (work: Sharded) => rename(part(work, 1), `${work.out}.gone`),
      message: 'ENOENT',
    },
  ])('is refused, and leaves nothing under the name, if $what', async ({ change, message }) => {
    await withRows(3 * CHUNK_ROWS, async (work, folder) => {
      for (const index of [0, 1, 2]) await work.shard(index, 3)
      await change(work)
      expect(await messageOf(work.join())).toContain(`CommandError: `)
      expect(await messageOf(work.join())).toContain(message)
      expect(await readdir(folder)).not.toContain('out')
    })
  })

  it('has the counts of one run, by columns and with rows to show', async () => {
    await withRows(2 * CHUNK_ROWS + 3, async (work) => {
      const facts = { by: ['id'], showRows: true }
      for (const index of [0, 1, 2]) await work.shard(index, 3, facts)
      const { counts } = await work.join()
      const whole = await work.classifyWhole(facts)
      expect({ ...counts, cached: 0 }).toEqual({ ...whole.counts, cached: 0 })
      expect(counts.groups.map(({ column }) => column)).toEqual(['id'])
    })
  })

  it('is refused if there are no shards', async () => {
    await withRows(1, async (work) => {
      expect(await messageOf(work.join())).toContain('there are no shards of')
    })
  })
})
