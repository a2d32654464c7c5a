import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { findModel } from '../../model/catalog.ts'
import { loadModel } from '../../model/load.ts'
import { openSession } from '../../model/session.ts'

const folder = join(import.meta.dirname, '../../../shared/data/golden')
const isThere = existsSync(folder)
if (!isThere)
  process.stderr.write('Tests with published answers are skipped: they lie in shared/data\n')

const Published = z.looseObject({ text: z.string(), label: z.string(), score: z.number() })

/** Published answers of DistilBERT SST-2 models that leave no doubt. */
const readClearCut = () =>
  readdirSync(folder)
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'))
    .map((line) => Published.parse(JSON.parse(line)))
    .filter(({ score }) => score >= 0.99)

describe.skipIf(!isThere)('the bundled model', () => {
  it('agrees with at least 95 % of the clear-cut published answers', async () => {
    const model = await loadModel(await findModel('sst2-minilm'))
    const classify = await openSession(model)
    const rows = readClearCut()
    const { scores } = await classify(rows.map(({ text }) => text))
    const agreeing = rows.filter(({ label }, i) => {
      const row = scores[i] ?? []
      return model.labels[row.indexOf(Math.max(...row))] === label
    })
    expect(rows.length).toBeGreaterThan(10)
    expect(agreeing.length / rows.length).toBeGreaterThanOrEqual(0.95)
  })
})
