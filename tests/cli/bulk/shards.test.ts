import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHUNK_ROWS, shardFile } from '../../../cli/bulk/shard.ts'
import { inFolder } from './run.ts'
import { messageOf, Sharded, withRows } from './sharded.ts'
import { stopAfter } from './stop-after.ts'
import { tables } from './tables.ts'

/** Of some chunks, the last one short. */
const table = tables(130)

/** For each shard: after how many chunks of output each of its runs is ended. */
const cuts = fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 1, maxLength: 5 })

/** Runs a shard, ended so often, and then to its end. */
async function runShard(work: Sharded, at: readonly [number, number], ends: readonly number[]) {
  const [index, of] = at
  for (const chunks of ends) {
    const { complete } = await work.shard(index, of, stopAfter(chunks + 1))
    // As if it had been killed: written, and not yet in the state.
    if (!complete) await appendFile(`${shardFile(work.out, { index, of })}.part`, 'and more')
  }
  return await work.shard(index, of)
}

describe('shards of a file', () => {
  it.each(['in.csv', 'in.jsonl', 'in.txt'])(
    'are joined into the same bytes as one run, wherever they are cut: %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(table, cuts, fc.boolean(), async (bytes, all, apart) => {
          await inFolder(async (folder) => {
            const work = new Sharded(folder, name, apart)
            await writeFile(work.file, bytes)
            const { counts } = await work.classifyWhole()
            for (const [index, ends] of all.entries())
              await runShard(work, [index, all.length], ends)
            const joined = await work.join()
            expect(joined.counts).toEqual({
              ...counts,
              confidence: expect.closeTo(counts.confidence),
            })
            expect(await readFile(work.out, 'utf8')).toBe(await readFile(work.whole, 'utf8'))
            if (!apart) return
            const rejected = await readFile(`${work.whole}.rejects`, 'utf8')
            expect(await readFile(work.rejected, 'utf8')).toBe(rejected)
          })
        }),
        { numRuns: 6 },
      )
    },
  )

  it('take the chunks of rows in turn, counted from 0', async () => {
    await withRows(4 * CHUNK_ROWS + 1, async (work) => {
      const counts = [0, 1, 2].map(async (index) => (await work.shard(index, 3)).counts.rows)
      expect(await Promise.all(counts)).toEqual([2 * CHUNK_ROWS, CHUNK_ROWS + 1, CHUNK_ROWS])
    })
  })

  it('may be more than there are chunks', async () => {
    await withRows(1, async (work) => {
      for (const index of [0, 1, 2]) await work.shard(index, 3)
      await work.join()
      await work.classifyWhole()
      expect(await readFile(work.out, 'utf8')).toBe(await readFile(work.whole, 'utf8'))
    })
  })

  it('write files of their own, which stay', async () => {
    await withRows(1, async (work, folder) => {
      for (const index of [0, 1]) await work.shard(index, 2)
      const parts = ['out.shard-0-of-2', 'out.shard-1-of-2'].flatMap((name) => [
        name,
        `${name}.json`,
      ])
      expect((await readdir(folder)).toSorted()).toEqual(['in.csv', ...parts])
      await work.join()
      expect((await readdir(folder)).toSorted()).toEqual(['in.csv', 'out', ...parts])
    })
  })

  it('are left as they are by a second run, once they are complete', async () => {
    await withRows(1, async (work) => {
      await work.shard(0, 1)
      await rm(work.file)
      await writeFile(work.file, 'id,text\n7,love\n')
      const again = await work.shard(0, 1, { signal: AbortSignal.abort() })
      expect(again).toMatchObject({ complete: true, counts: { rows: 1 } })
    })
  })

  it('are complete also if they were killed before they could say so', async () => {
    await withRows(1, async (work, folder) => {
      const part = shardFile(work.out, { index: 0, of: 1 })
      await work.shard(0, 1, stopAfter(1))
      const state = await readFile(`${part}.state.json`, 'utf8')
      await work.shard(0, 1)
      await rm(`${part}.json`)
      await writeFile(`${part}.state.json`, state.replace('"complete":false', '"complete":true'))
      expect(await work.shard(0, 1)).toMatchObject({ complete: true, counts: { rows: 1 } })
      expect((await readdir(folder)).toSorted()).toEqual([
        'in.csv',
        'out.shard-0-of-1',
        'out.shard-0-of-1.json',
      ])
    })
  })
})

describe('a shard that is complete', () => {
  it.each([
    {
      what: 'its input has changed',
      change: (work: Sharded) => appendFile(work.file, '8,no\n'),
      message: 'in.csv has changed',
    },
    {
      what: 'the options are others',
      change: async () => undefined,
      options: { prefix: 'p_' },
      message: 'with another model or other options',
    },
  ])('is not taken for the new one if $what', async ({ change, options, message }) => {
    await withRows(1, async (work) => {
      await work.shard(0, 1)
      await change(work)
      expect(await messageOf(work.shard(0, 1, options))).toContain(message)
      expect(await work.shard(0, 1, { ...options, resume: false })).toMatchObject({
        complete: true,
      })
    })
  })
})
