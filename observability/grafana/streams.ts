import { lines } from './panels.ts'
import { RATE, rate, SELF } from './queries.ts'

/** Streams of rows on POST /predict. */
export const streams = [
  lines({
    title: 'Rows of streams',
    help: 'NDJSON and CSV on POST /predict: rows a second, answered with a prediction, or with an error of their own.',
    unit: 'ops',
    queries: {
      '{{format}} {{result}}': `sum by (format, result) (${rate('polarity_stream_rows_total')})`,
    },
  }),
  lines({
    title: 'Streams open',
    help: 'At most MAX_STREAMS in each pod.',
    unit: 'short',
    queries: { open: `sum(polarity_streams_open{${SELF}})` },
  }),
  lines({
    title: 'Streams ended, by how',
    help: 'complete, or the code of the error that ended it: its client is told where to go on.',
    unit: 'short',
    queries: {
      '{{end}}': `sum by (end) (increase(polarity_streams_total{${SELF}}[${RATE}]))`,
    },
  }),
]
