import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { classifyInput } from '../../../cli/bulk/classify-input.ts'
import { Finished } from '../../../cli/bulk/finished.ts'
import { fakePredictor } from './fake-predictor.ts'
import { inFolder, OPTIONS } from './run.ts'

/** Classifies a file and remembers it. */
async function finishOne(folder: string) {
  const [input, out] = [join(folder, 'in.csv'), join(folder, 'out.csv')]
  await writeFile(input, 'text,product\nlove,Lamp\nno,Kettle\n')
  const options = { ...OPTIONS, out, by: ['product'], showRows: true }
  const result = await classifyInput(input, options, fakePredictor())
  const job = { input, out, rejectsFile: undefined }
  await (await Finished.open(folder, false)).add(job, { run: 'this one', ...result })
  return { result, job }
}

it('a finished file has all its counts in a later run, those for a report too', () =>
  inFolder(async (folder) => {
    const { result, job } = await finishOne(folder)
    const found = await (await Finished.open(folder, true)).find(job, 'this one')
    expect(found?.counts).toEqual(result.counts)
    expect(found?.startedAt).toBe(OPTIONS.startedAt)
  }))

it('rows of a report stay out of the file for all', () =>
  inFolder(async (folder) => {
    await finishOne(folder)
    expect((await readdir(folder)).toSorted()).toEqual([
      '_finished.json',
      '_out.csv.counts.json',
      'in.csv',
      'out.csv',
    ])
    expect(await readFile(join(folder, '_finished.json'), 'utf8')).not.toContain('love')
  }))

it('a finished file whose counts are gone is done again', () =>
  inFolder(async (folder) => {
    const { job } = await finishOne(folder)
    await rm(join(folder, '_out.csv.counts.json'))
    const found = await (await Finished.open(folder, true)).find(job, 'this one')
    expect(found).toBe(undefined)
  }))
