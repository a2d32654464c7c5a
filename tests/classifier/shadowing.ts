import type { Classify } from '../../app/classifier/classify.ts'
import { shadowed } from '../../app/classifier/shadowed.ts'
import { createMetrics } from '../../app/telemetry/metrics.ts'
import { createCall, fakeClassify, LABELS } from '../fakes.ts'

type Scores = readonly (readonly number[])[]

/** Texts that the shadow model was asked for, to be answered or failed by the test. */
interface Asked {
  readonly texts: readonly string[]
  readonly done: PromiseWithResolvers<Scores>
}

interface Shadowing {
  readonly share: number
  readonly random: () => number
  readonly classify: Classify
}

/** A classifier with a shadow model that does what the test says, and is asked while `idle`. */
export function setup({
  share = 1,
  random = () => 0,
  classify = fakeClassify().classify,
}: Partial<Shadowing> = {}) {
  const metrics = createMetrics(LABELS)
  const asked: Asked[] = []
  const state = { idle: true }
  const infer = (texts: readonly string[]) => {
    const done = Promise.withResolvers<Scores>()
    asked.push({ texts, done })
    return done.promise
  }
  const options = { share, labels: LABELS, metrics, random, isIdle: () => state.idle }
  const wrapped: Classify = shadowed(classify, infer, options)
  const ask = (...texts: string[]) => wrapped(texts, createCall())

  /** Values of one metric, by their labels. */
  async function counts(name: string): Promise<Record<string, number>> {
    const { values = [] } = (await metrics.registry.getSingleMetric(name)?.get()) ?? {}
    return Object.fromEntries(
      values.map(({ labels, value }) => [Object.values(labels).join(' '), value]),
    )
  }
  const results = () => counts('polarity_shadow_texts_total')
  const textsAsked = () => asked.flatMap(({ texts }) => texts)
  return { asked, textsAsked, state, metrics, wrapped, ask, counts, results }
}
