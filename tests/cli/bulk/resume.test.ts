import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyInput } from '../../../cli/bulk/classify-input.ts'
import { toReportPage } from '../../../cli/report/page.ts'
import { rejection } from '../../rejection.ts'
import { FACTS } from '../report/report-on.ts'
import { fakePredictor } from './fake-predictor.ts'
import { classifyBytes, inFolder, OPTIONS } from './run.ts'
import { stopAfter } from './stop-after.ts'
import { tables } from './tables.ts'

/** Rows in a chunk of the run: what is written between two chances to stop. */
const CHUNK = 256

const table = tables(50)

/** Ends a run after as many chunks as each number says, and resumes it; the last one runs to its end. */
function classifyInRuns(
  { name, bytes, ...options }: { name: string; bytes: string } & Partial<typeof OPTIONS>,
  cuts: readonly number[],
) {
  return inFolder(async (folder) => {
    const [file, out] = [join(folder, name), join(folder, 'out')]
    const run = (stop: Partial<typeof OPTIONS>) =>
      classifyInput(file, { ...OPTIONS, ...options, out, resume: true, ...stop }, fakePredictor())
    await writeFile(file, bytes)
    for (const chunks of cuts) {
      const { complete } = await run(stopAfter(chunks + 1))
      // As if it had been killed: written, and not yet in the state.
      if (!complete) await appendFile(`${out}.part`, 'what came after the last state')
    }
    const { counts, startedAt } = await run({ startedAt: 'later' })
    const files = (await readdir(folder)).toSorted()
    return { output: await readFile(out, 'utf8'), counts, startedAt, files }
  })
}

describe('a run that is interrupted and resumed', () => {
  it.each(['in.csv', 'in.jsonl', 'in.txt'])(
    'gives the same bytes as one run, wherever it is cut: %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(table, fc.array(fc.nat(3), { maxLength: 4 }), async (bytes, cuts) => {
          const whole = await classifyBytes({ name, bytes })
          const cut = await classifyInRuns({ name, bytes }, cuts)
          expect(cut.output).toBe(whole.output)
          expect(cut.counts).toEqual(whole.counts)
          expect(cut.files).toEqual([name, 'out'].toSorted())
        }),
        { numRuns: 15 },
      )
    },
  )

  it('gives the same report as one run, wherever it is cut', async () => {
    const options = { by: ['id', 'text'], showRows: true }
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }),
        async (bytes, cuts) => {
          const name = 'in.csv'
          const whole = await classifyBytes({ name, bytes, ...options })
          const cut = await classifyInRuns({ name, bytes, ...options }, cuts)
          const { startedAt } = whole
          expect(await toReportPage(cut.counts, { ...FACTS, startedAt })).toBe(
            await toReportPage(whole.counts, { ...FACTS, startedAt }),
          )
        },
      ),
      { numRuns: 10 },
    )
  })

  it('began when the first run did', async () => {
    const bytes = `text\n${'no\n'.repeat(3 * CHUNK)}`
    const { startedAt } = await classifyInRuns({ name: 'in.csv', bytes }, [0])
    expect(startedAt).toBe(OPTIONS.startedAt)
  })

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

  it.each([{ prefix: 'p_' }, { by: ['text'] }, { showRows: true }])(
    'is refused if an option has changed: %o',
    async (changed) => {
      await inFolder(async (folder) => {
        const [file, out] = [join(folder, 'in.csv'), join(folder, 'out')]
        await writeFile(file, `text\n${'no\n'.repeat(3 * CHUNK)}`)
        await classifyInput(file, { ...OPTIONS, out, ...stopAfter(1) }, fakePredictor())
        const resumed = { ...OPTIONS, out, resume: true, ...changed }
        const error = await rejection(classifyInput(file, resumed, fakePredictor()))
        expect(error).toMatchObject({
          message: expect.stringContaining('with another model or other options'),
        })
      })
    },
  )
})
