import { createHash } from 'node:crypto'
import type { ClassifyOptions } from './classify-options.ts'
import type { Predictor } from './predictor.ts'

/** Of all that decides the bytes of the output and of a report, but for the input itself. */
export function runIdOf(options: ClassifyOptions, { digest, longTexts }: Predictor): string {
  const { format, column, delimiter, maxChars, to, prefix, safeCells, rejectsFile } = options
  const { by, showRows } = options
  const model = [digest, longTexts]
  const rejects = rejectsFile !== undefined
  const all = [model, format, column, delimiter, maxChars, to, prefix, safeCells, rejects]
  return createHash('sha256')
    .update(JSON.stringify([...all, by, showRows]))
    .digest('hex')
}
