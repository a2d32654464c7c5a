import { type PanelSpec, RATE, SELF } from './dashboard.ts'

const rate = (series: string, labels = SELF) => `rate(${series}{${labels}}[${RATE}])`
const chosen = (results: string) =>
  `sum(${rate('polarity_shadow_texts_total', `result=~"${results}",${SELF}`)})`

/** How a second model, which answers nobody, agrees with the one that is served. */
export const SHADOW: readonly PanelSpec[] = [
  {
    title: 'Shadow model: agreement',
    help: 'Share of the texts compared on which both models choose the same label. Empty without a SHADOW_MODEL.',
    unit: 'percentunit',
    queries: { agreed: `${chosen('agreed')} / ${chosen('agreed|differed')}` },
  },
  {
    title: 'Shadow model: texts',
    help: 'Texts per second chosen for it. Dropped: too many waited for an idle worker. Failed: the log says why.',
    unit: 'ops',
    stacked: true,
    queries: { '{{result}}': `sum by (result) (${rate('polarity_shadow_texts_total')})` },
  },
  {
    title: 'Shadow model: difference of scores',
    help: 'Of the label that was answered. A median that grows while the labels agree means other confidence.',
    unit: 'percentunit',
    queries: Object.fromEntries(
      [0.5, 0.9, 0.99].map((q) => [
        `p${q * 100}`,
        `histogram_quantile(${q}, sum by (le) (${rate('polarity_shadow_score_difference_bucket')}))`,
      ]),
    ),
  },
]
