import type { Call, Prediction } from './call.ts'
import type { OpenCalls } from './open-calls.ts'
import { PolarityError } from './polarity-error.ts'
import { readAhead, type Texts } from './read-ahead.ts'

/** What became of one text of a stream: a prediction, or an error that concerns this text alone. */
export type StreamRow = {
  /** Of the text in the stream, from 0. */
  readonly index: number
  readonly text: string
} & (
  | { readonly prediction: Prediction; readonly error?: undefined }
  | { readonly error: PolarityError; readonly prediction?: undefined }
)

export interface RowsOptions {
  /** Asks for one text. */
  ask(text: string): Call
  /** The calls that `ask` began. */
  readonly open: OpenCalls
  readonly window: number
  readonly batch: number
  readonly signal: AbortSignal | undefined
}

type Outcome = { readonly row: StreamRow } | { readonly thrown: unknown }

/** Rows for all texts, in order. Throws what is no text's fault. */
export async function* rowsOf(
  texts: Texts,
  { ask, open, window, batch, signal = new AbortController().signal }: RowsOptions,
): AsyncGenerator<StreamRow, void, undefined> {
  signal.throwIfAborted()
  const endAll = () => open.failAll(signal.reason)
  let count = 0
  const submit = (text: string): Promise<Outcome> => {
    const index = count++
    if (typeof text !== 'string') return Promise.resolve({ thrown: noText(index) })
    return outcomeOf(ask(text), { index, text })
  }
  signal.addEventListener('abort', endAll, { once: true })
  try {
    for await (const outcome of readAhead(texts, { submit, window, batch, signal })) {
      if ('thrown' in outcome) throw outcome.thrown
      yield outcome.row
    }
  } finally {
    signal.removeEventListener('abort', endAll)
    endAll()
  }
}

async function outcomeOf(call: Call, of: Pick<StreamRow, 'index' | 'text'>): Promise<Outcome> {
  try {
    const [prediction] = await call.outcome
    return prediction ? { row: { ...of, prediction } } : { thrown: noText(of.index) }
  } catch (error) {
    const isRow = error instanceof PolarityError && error.positions.length > 0
    return isRow ? { row: { ...of, error } } : { thrown: error }
  }
}

const noText = (index: number) => new TypeError(`Text ${index} must be a string.`)
