import type { Call, Prediction, RefusalOfTexts } from '../../app/classifier/classify.ts'
import { coalesced } from '../../app/classifier/coalesced.ts'
import { AppError } from '../../app/errors.ts'
import { answerTo, createCall, settled } from '../fakes.ts'

/** What was sent on, and is answered or failed by the test. */
export interface Sent {
  readonly texts: readonly string[]
  readonly call: Call
  readonly done: PromiseWithResolvers<readonly Prediction[]>
}

/** Coalesced requests over a classifier that does what the test says. */
export function setup(refusalOfTexts?: RefusalOfTexts) {
  const sent: Sent[] = []
  const classify = coalesced((texts, call) => {
    const done = Promise.withResolvers<readonly Prediction[]>()
    sent.push({ texts, call, done })
    return done.promise
  }, refusalOfTexts)
  const ask = (...texts: string[]) => classify(texts, createCall())
  const askAs = (caller: string, ...texts: string[]) => classify(texts, createCall({ caller }))
  /** Answers all texts of one sending. */
  async function land(number: number): Promise<void> {
    sent[number]?.done.resolve(sent[number].texts.map(answerTo))
    await settled()
  }
  /** Answers one text of a sending, of which others are open. */
  async function tell(number: number, text: string): Promise<void> {
    sent[number]?.call.onPrediction?.(text, answerTo(text))
    await settled()
  }
  async function fail(number: number, error: Error): Promise<void> {
    sent[number]?.done.reject(error)
    await settled()
  }
  const textsSent = () => sent.map(({ texts }) => texts)
  return { sent, textsSent, classify, ask, askAs, land, tell, fail }
}

export const BUSY = new AppError('overloaded', 'Too many texts are waiting.')

export const sources = (answers: readonly Prediction[]) => answers.map(({ source }) => source)

/** Its sources or its error, once it is settled; until then `undefined`. */
export function watch(answers: Promise<readonly Prediction[]>) {
  const watched: { outcome: readonly string[] | Error | undefined } = { outcome: undefined }
  void answers
    .then(sources, (error: Error) => error)
    .then((outcome) => {
      watched.outcome = outcome
    })
  return watched
}
