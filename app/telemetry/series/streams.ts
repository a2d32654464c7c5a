import { Counter, Gauge, type Registry } from 'prom-client'

/** Streams of rows on `POST /predict`. */
export const streamMetrics = (registers: Registry[]) => ({
  streamsOpen: new Gauge({
    name: 'polarity_streams_open',
    help: 'Streams of rows (NDJSON or CSV) that are open.',
    registers,
  }),
  streams: new Counter({
    name: 'polarity_streams_total',
    help: 'Streams of rows that have ended, by format and by how: complete, or the error code that ended them.',
    labelNames: ['format', 'end'],
    registers,
  }),
  streamRows: new Counter({
    name: 'polarity_stream_rows_total',
    help: 'Rows of streams that were answered: with a prediction, or with an error of that row alone.',
    labelNames: ['format', 'result'],
    registers,
  }),
})
