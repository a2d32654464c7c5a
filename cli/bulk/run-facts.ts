import type { RunFacts } from '../report/facts.ts'
import type { Predictor } from './predictor.ts'

/** The options that decide what is classified, and how. */
interface ShownOptions {
  readonly url?: string | undefined
  readonly column?: string | undefined
  readonly from?: string | undefined
  readonly delimiter?: string | undefined
  readonly maxChars?: number | undefined
}

/** What a report and a summary say of a run, but for its inputs and its beginning. */
export function toRunFacts(
  { url, column, from, delimiter, maxChars }: ShownOptions,
  { model, digest, longTexts }: Predictor,
): Pick<RunFacts, 'model' | 'options'> {
  const options = {
    // Without a password that stands in it.
    ...(url !== undefined && { url: new URL(url).origin }),
    column,
    from,
    delimiter,
    'max-chars': maxChars,
    'long-texts': longTexts,
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return {
    model: { ...model, digest },
    options: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  }
}
