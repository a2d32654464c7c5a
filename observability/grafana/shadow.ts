import { lines } from './panels.ts'
import { percentiles, quantile, rate, recorded } from './queries.ts'

/** How a second model, which answers nobody, agrees with the one that is served. */
export const shadow = [
  lines({
    title: 'Shadow model: agreement',
    help: 'Share of the texts compared in the last hour on which both models choose the same label.',
    unit: 'percentunit',
    max: 1,
    queries: {
      agreed: `min(${recorded('namespace_job:polarity_shadow_agreed:ratio_rate1h')})`,
    },
  }),
  lines({
    title: 'Shadow model: texts',
    help: 'Chosen for it. Dropped: too many waited for an idle worker. Failed: the log says why.',
    unit: 'suffix:texts/s',
    stacked: true,
    queries: { '{{result}}': `sum by (result) (${rate('polarity_shadow_texts_total')})` },
  }),
  lines({
    title: 'Shadow model: difference of scores',
    help: 'Of the label that was answered. A median that grows while the labels agree means other confidence.',
    unit: 'short',
    queries: percentiles([0.5, 0.9, 0.99], (q) =>
      quantile(q, rate('polarity_shadow_score_difference_bucket')),
    ),
  }),
]
