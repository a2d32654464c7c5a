import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPool, type Pool } from '../../app/classifier/pool.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { findModel } from '../../model/catalog.ts'
import { LABELS, silent } from '../fakes.ts'

const metrics = createMetrics(LABELS)
const open = (folder: string) =>
  openPool({ folder, maxTokens: 512, maxRunTokens: 512 }, { size: 2, metrics, log: silent })

describe('a pool of worker threads', () => {
  let pool: Pool
  beforeAll(async () => {
    pool = await open((await findModel('sst2-minilm')).folder)
  })
  afterAll(() => pool.close())

  it('runs more batches than it has workers, each with its own answers', async () => {
    const texts = ['I love it', 'I hate it', 'I adore it', 'I loathe it', 'It is wonderful']
    const batches = await Promise.all(texts.map((text) => pool.run([text])))
    const winners = batches.map(
      ({ scores: [[negative = 0, positive = 0] = []] }) => positive > negative,
    )
    expect(winners).toEqual([true, false, true, false, true])
  })

  it('says what it ran', async () => {
    const { runs, truncated } = await pool.run(['short', 'word '.repeat(600)])
    expect(truncated).toEqual([false, true])
    expect(runs).toEqual([
      { texts: 1, tokens: 3, padding: 0 },
      { texts: 1, tokens: 512, padding: 0 },
    ])
  })

  it('counts its workers by what they do', async () => {
    const batch = pool.run(['a'])
    await Promise.resolve()
    const busy = await metrics.registry.getSingleMetricAsString('polarity_workers')
    await batch
    const idle = await metrics.registry.getSingleMetricAsString('polarity_workers')
    expect(busy).toContain('polarity_workers{state="busy"} 1')
    expect(idle).toContain('polarity_workers{state="idle"} 2')
  })

  it('does not open with a folder that holds no model', async () => {
    await expect(open('/nowhere')).rejects.toThrow()
  })

  it('lets its workers finish before it closes', async () => {
    const other = await open((await findModel('sst2-minilm')).folder)
    const batch = other.run(['the last text'])
    await other.close()
    expect((await batch).scores).toHaveLength(1)
  })
})
