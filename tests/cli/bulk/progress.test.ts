import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { classifyInput } from '../../../cli/bulk/classify-input.ts'
import type { Counts } from '../../../cli/bulk/counts.ts'
import { fakePredictor } from './fake-predictor.ts'
import { classifyBytes, inFolder, OPTIONS } from './run.ts'

it('a run says how much of a file it has read, also of one that is read at once', async () => {
  const shares: (number | undefined)[] = []
  const onProgress = (_: unknown, share: number | undefined) => shares.push(share)
  await classifyBytes({ name: 'in.csv', bytes: 'text\nno\n', onProgress })
  expect(shares.at(-1)).toBe(1)
})

it('a run tells its own rows from those of earlier runs', async () => {
  const reports: (readonly number[])[] = []
  const stop = new AbortController()
  const onProgress = ({ rows }: Counts, _: unknown, rowsBefore: number) => {
    reports.push([rows, rowsBefore])
    stop.abort()
  }
  await inFolder(async (folder) => {
    const [file, out] = [join(folder, 'in.txt'), join(folder, 'out')]
    await writeFile(file, 'yes\n'.repeat(400))
    const options = { ...OPTIONS, out, resume: true, onProgress }
    await classifyInput(file, { ...options, signal: stop.signal }, fakePredictor())
    await classifyInput(file, options, fakePredictor())
  })
  expect(reports).toEqual([
    [256, 0],
    [400, 256],
  ])
})
