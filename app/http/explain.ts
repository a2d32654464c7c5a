import type { Classify, Explain } from '../classifier/classify.ts'
import { invalidRequest } from './problem.ts'

interface ExplainReaderOptions {
  readonly labels: readonly string[]
  /** Undefined: explanations are off. */
  readonly explain?: Explain | undefined
  readonly maxExplainTexts: number
}

/**
 * A function that finds who answers a request with `explain`: by default of the last label, as the
 * positive one is. Throws `invalid_request`.
 */
export function createExplainReader({ labels, explain, maxExplainTexts }: ExplainReaderOptions) {
  return (wanted: true | { readonly label: string }, texts: number): Classify => {
    if (!explain) throw wrong('explain', 'Explanations are off.')
    if (texts > maxExplainTexts) {
      throw wrong('text', `More than ${maxExplainTexts} texts, with explain.`)
    }
    const label = wanted === true ? labels.length - 1 : labels.indexOf(wanted.label)
    if (label < 0)
      throw wrong('explain.label', `Must be a label of the model: ${labels.join(', ')}.`)
    return explain(label)
  }
}

const wrong = (path: string, message: string) => invalidRequest([{ path, message }])
