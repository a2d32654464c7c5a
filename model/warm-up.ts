import { createHash } from 'node:crypto'
import type { Logits, Rows } from './inference.ts'
import { ModelError, reasonOf } from './model-error.ts'
import type { ModelInfo } from './model-info.ts'
import type { SelfTestRow } from './self-test.ts'
import { softmax } from './softmax.ts'
import type { Tokenizer } from './tokenize.ts'

export type WarmUpOptions = Pick<
  ModelInfo,
  'labels' | 'maxTokens' | 'padId' | 'selfTest' | 'verified'
>

/** What a session has shown of itself before it serves. */
export interface WarmUp {
  /**
   * The numerics class, 8 hex digits: sessions of one model that have the same one compute the same
   * scores. It is found by running a fixed probe, so it needs no list of CPUs.
   */
  readonly numerics: string
  /** Largest difference from the stored scores; 0 where there are none. */
  readonly selfTestDifference: number
}

/**
 * Tokens of the probe's rows. CPUs differ in how many numbers they add at once, and so by what is
 * left over at the end of a row: hence odd lengths.
 */
const PROBE_TOKENS = [3, 17, 31, 33, 100]
/** CPUs of different classes were seen to differ by 0.034; other weights differ by far more. */
const MAX_SELF_TEST_DIFFERENCE = 0.05
const MAX_SUM_ERROR = 1e-6

/** Runs a fresh session on texts whose outcome is known in part. Throws a `ModelError` if it is not fit to serve. */
export async function warmUp(logits: Logits, options: WarmUpOptions): Promise<WarmUp> {
  const run = checked(logits, options)
  const numerics = await numericsClass(run, options)
  // A tenth of a second: it was run when the catalog was locked.
  if (!options.verified) await run(rowOf(options.maxTokens, options))
  return { numerics, selfTestDifference: await selfTestDifference(run, options.selfTest) }
}

/**
 * Throws a `ModelError` unless a tokenizer tells two plain words apart, and reads the stored texts as
 * the stored tokens.
 */
export function checkTokenizer(tokenizer: Tokenizer, selfTest: readonly SelfTestRow[]): void {
  const tokensOf = (text: string) => tokenizer.encode(text).ids.join()
  if (tokensOf('good') === tokensOf('bad')) {
    throw new ModelError('tokenizer.json reads "good" and "bad" as the same tokens')
  }
  if (selfTest.every(({ text, ids }) => tokensOf(text) === ids.join())) return
  throw new ModelError('tokenizer.json reads the self-test as other tokens than it did')
}

async function numericsClass(run: Logits, options: WarmUpOptions): Promise<string> {
  const hash = createHash('sha256')
  // One by one: the shape of a batch must not decide.
  for (const length of PROBE_TOKENS.filter((tokens) => tokens <= options.maxTokens)) {
    for (const row of await run(rowOf(length, options))) hash.update(Float32Array.from(row))
  }
  return hash.digest('hex').slice(0, 8)
}

/** One text of a token that every vocabulary has, and that is no padding: RoBERTa gives that no position. */
const rowOf = (length: number, { padId }: WarmUpOptions): Rows => ({
  ids: new Int32Array(length).fill(padId === 1 ? 0 : 1),
  lengths: [length],
})

async function selfTestDifference(run: Logits, rows: readonly SelfTestRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const ids = Int32Array.from(rows.flatMap((row) => row.ids))
  const found = await run({ ids, lengths: rows.map((row) => row.ids.length) })
  const differences = rows.flatMap(({ scores }, i) => {
    const row = softmax(found[i] ?? [])
    return scores.map((score, label) => Math.abs(score - (row[label] ?? Number.NaN)))
  })
  const largest = Math.max(...differences)
  if (largest <= MAX_SELF_TEST_DIFFERENCE) return largest
  throw new ModelError(
    `the self-test's scores differ from those in self-test.jsonl by ${largest.toFixed(3)} ` +
      `(limit ${MAX_SELF_TEST_DIFFERENCE}): the weights are not those that it was written with`,
  )
}

/** Runs that must succeed, with rows that must make sense. */
function checked(logits: Logits, { labels, maxTokens }: WarmUpOptions): Logits {
  return async (rows) => {
    const found = await logits(rows).catch((cause) => {
      const tokens = Math.max(...rows.lengths)
      throw new ModelError(
        `a text of ${tokens} tokens can't be run, and config.json allows ${maxTokens}: ${reasonOf(cause)}`,
        { cause },
      )
    })
    for (const row of found) checkRow(row, labels)
    return found
  }
}

function checkRow(row: readonly number[], labels: readonly string[]): void {
  if (row.length !== labels.length) {
    throw new ModelError(
      `config.json has ${labels.length} labels (${labels.join(', ')}), the weights ${row.length} logits`,
    )
  }
  const sum = softmax(row).reduce((total, score) => total + score, 0)
  if (row.every(Number.isFinite) && Math.abs(sum - 1) <= MAX_SUM_ERROR) return
  throw new ModelError(`the weights give scores that are not finite: logits ${row.join(', ')}`)
}
