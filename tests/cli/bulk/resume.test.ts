import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyInput } from '../../../cli/bulk/classify-input.ts'
import { rejection } from '../../rejection.ts'
import { fakePredictor } from './fake-predictor.ts'
import { classifyBytes, inFolder, OPTIONS } from './run.ts'
import { stopAfter } from './stop-after.ts'

/** Rows in a chunk of the run: what is written between two chances to stop. */
const CHUNK = 256

const cell = fc.string({
  unit: fc.constantFrom('a', ' ', '"', '\n', '\r\n', ',', 'love', 'ä'),
  maxLength: 8,
})
const row = fc.oneof(
  { weight: 9, arbitrary: cell.map((text) => `7,"${text.replaceAll('"', '""')}"`) },
  { weight: 1, arbitrary: fc.constantFrom('7', '7,8,9', '', '7,a "quoted" word') },
)
const table = fc
  .array(row, { minLength: 1, maxLength: 40 })
  .map((rows) => `id,text\n${Array.from({ length: 50 }, () => rows.join('\n')).join('\n')}\n`)

/** Ends a run after as many chunks as each number says, and resumes it; the last one runs to its end. */
function classifyInRuns(name: string, bytes: string, cuts: readonly number[]) {
  return inFolder(async (folder) => {
    const [file, out] = [join(folder, name), join(folder, 'out')]
    const run = (stop: Partial<typeof OPTIONS>) =>
      classifyInput(file, { ...OPTIONS, out, resume: true, ...stop }, fakePredictor())
    await writeFile(file, bytes)
    for (const chunks of cuts) {
      const { complete } = await run(stopAfter(chunks + 1))
      // As if it had been killed: written, and not yet in the state.
      if (!complete) await appendFile(`${out}.part`, 'what came after the last state')
    }
    const { counts } = await run({})
    const files = (await readdir(folder)).toSorted()
    return { output: await readFile(out, 'utf8'), counts, files }
  })
}

describe('a run that is interrupted and resumed', () => {
  it.each(['in.csv', 'in.jsonl', 'in.txt'])(
    'gives the same bytes as one run, wherever it is cut: %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(table, fc.array(fc.nat(3), { maxLength: 4 }), async (bytes, cuts) => {
          const whole = await classifyBytes({ name, bytes })
          const cut = await classifyInRuns(name, bytes, cuts)
          expect(cut.output).toBe(whole.output)
          expect(cut.counts).toEqual(whole.counts)
          expect(cut.files).toEqual([name, 'out'].toSorted())
        }),
        { numRuns: 15 },
      )
    },
  )

  it('classifies no row twice', async () => {
    const bytes = `text\n${'no\n'.repeat(3 * CHUNK)}`
    await inFolder(async (folder) => {
      const [file, out] = [join(folder, 'in.csv'), join(folder, 'out')]
      await writeFile(file, bytes)
      const cut = await classifyInput(file, { ...OPTIONS, out, ...stopAfter(2) }, fakePredictor())
      expect(cut).toMatchObject({ complete: false, counts: { rows: 2 * CHUNK } })
      const rest = await classifyInput(file, { ...OPTIONS, out, resume: true }, fakePredictor())
      expect(rest).toMatchObject({ complete: true, counts: { rows: 3 * CHUNK } })
    })
  })

  it.each([
    ['the input has changed', { 'in.csv': 'text\nyes\n' }, 'is not what it was'],
    ['the input is shorter', { 'in.csv': 'text\n' }, 'is not what it was'],
    ['the partial output is shorter', { 'out.part': '' }, 'has lost some of its bytes'],
    ['the state is damaged', { 'out.state.json': '{' }, 'is damaged'],
  ])('is refused if %s', async (_, changed: Record<string, string>, message) => {
    await inFolder(async (folder) => {
      const [file, out] = [join(folder, 'in.csv'), join(folder, 'out')]
      await writeFile(file, `text\n${'no\n'.repeat(3 * CHUNK)}`)
      await classifyInput(file, { ...OPTIONS, out, ...stopAfter(1) }, fakePredictor())
      for (const [name, text] of Object.entries(changed)) await writeFile(join(folder, name), text)
      const resumed = { ...OPTIONS, out, resume: true }
      const error = await rejection(classifyInput(file, resumed, fakePredictor()))
      expect(error).toMatchObject({
        name: 'CommandError',
        message: expect.stringContaining(message),
      })
    })
  })

  it('is refused if an option has changed', async () => {
    await inFolder(async (folder) => {
      const [file, out] = [join(folder, 'in.csv'), join(folder, 'out')]
      await writeFile(file, `text\n${'no\n'.repeat(3 * CHUNK)}`)
      await classifyInput(file, { ...OPTIONS, out, ...stopAfter(1) }, fakePredictor())
      const resumed = { ...OPTIONS, out, resume: true, prefix: 'p_' }
      const error = await rejection(classifyInput(file, resumed, fakePredictor()))
      expect(error).toMatchObject({
        message: expect.stringContaining('with another model or other options'),
      })
    })
  })
})
