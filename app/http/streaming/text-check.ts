import { createRequestParser } from '../predict-request.ts'
import type { Limits } from '../schema.ts'
import { type RowError, toRowError } from './row.ts'

/** Whether a value is a text as `POST /predict` takes it: if not, why. */
export type TextCheck = (value: unknown) => string | RowError

/** A check by the schema of the ordinary request. */
export function createTextCheck(limits: Limits): TextCheck {
  const toRequest = createRequestParser({ ...limits, maxTexts: 1 })
  return (value) => {
    try {
      const [text = ''] = toRequest({ text: [value] }).text
      return text
    } catch (error) {
      return toRowError(error)
    }
  }
}
