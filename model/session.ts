import { toBatches } from './batches.ts'
import { type Infer, openInference, openLogits, type Rows, toInfer } from './inference.ts'
import type { ModelInfo } from './model-info.ts'
import { openTokenizer, type Tokenizer } from './tokenize.ts'
import type { LongTexts } from './tokenizer/tokenized-text.ts'
import { checkTokenizer, type WarmUp, warmUp } from './warm-up.ts'

/** Tokens in one run, unless a single text is longer. */
const MAX_RUN_TOKENS = 512

/** What a session made of a list of texts, in the order of the list. */
interface Result {
  readonly scores: readonly (readonly number[])[]
  readonly truncated: readonly boolean[]
}

/** Classifies a list of texts. */
export type Session = (texts: readonly string[]) => Promise<Result>

/** Tokenizer and weights in this very thread: returns what classifies a list of texts. */
export async function openSession(
  model: Pick<ModelInfo, 'folder' | 'maxTokens' | 'padId'>,
  longTexts: LongTexts = 'truncate',
): Promise<Session> {
  const [tokenizer, infer] = await Promise.all([
    openTokenizer(model.folder, { ...model, longTexts }),
    openInference(model),
  ])
  return createSession(tokenizer, infer)
}

interface WarmSession extends WarmUp {
  readonly classify: Session
}

/** The same, after every check that the service makes before it is ready, also those that a verified model is spared. Throws a `ModelError` if it fails one. */
export async function openWarmSession(model: ModelInfo): Promise<WarmSession> {
  const [tokenizer, logits] = await Promise.all([
    openTokenizer(model.folder, { ...model, longTexts: 'truncate' }),
    openLogits(model),
  ])
  checkTokenizer(tokenizer, model.selfTest)
  return {
    ...(await warmUp(logits, { ...model, verified: false })),
    classify: createSession(tokenizer, toInfer(logits)),
  }
}

function createSession(tokenizer: Tokenizer, infer: Infer): Session {
  return async (texts) => {
    const encoded = texts.map((text) => tokenizer.encode(text))
    const lengths = encoded.map(({ ids }) => ids.length)
    const scores: number[][] = new Array(texts.length)
    for (const run of toBatches(lengths, MAX_RUN_TOKENS)) {
      const answers = await infer(toRows(run.map((row) => encoded[row]?.ids ?? [])))
      for (const [i, row] of run.entries()) scores[row] = answers[i] ?? []
    }
    return { scores, truncated: encoded.map(({ truncated }) => truncated) }
  }
}

const toRows = (rows: readonly (readonly number[])[]): Rows => ({
  ids: Int32Array.from(rows.flat()),
  lengths: rows.map((ids) => ids.length),
})
