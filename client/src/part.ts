import type { Call } from './call.ts'
import type { Fields } from './json.ts'
import type { PredictRequest } from './wire.ts'

/** One text of a call. */
export interface Part {
  readonly call: Call
  /** Of the text in the caller's own list. */
  readonly position: number
  readonly text: string
  readonly json: string
  /** Of `json` in UTF-8. */
  readonly bytes: number
}

/** What one request asks for. */
export interface Batch {
  readonly parts: readonly Part[]
  /** The request's other fields as JSON, as in `{"truncate":false}`. */
  readonly fields: string
  /** That the service takes at most. */
  readonly timeoutMs: number
}

const encoder = new TextEncoder()

/** All texts of a call. */
export function partsOf(call: Call, texts: readonly string[]): Part[] {
  return texts.map((text, position) => {
    // A lone surrogate becomes an escape, so that the body is valid UTF-8 whatever the text.
    const json = JSON.stringify(text)
    return { call, position, text, json, bytes: encoder.encode(json).byteLength }
  })
}

/** Whether a request with these fields asks for explanations: the service then takes fewer texts. */
export function isExplained(fields: string): boolean {
  const { explain }: Fields<PredictRequest> = JSON.parse(fields)
  return Boolean(explain)
}

export const callsOf = (parts: readonly Part[]): ReadonlySet<Call> =>
  new Set(parts.map(({ call }) => call))

/** Bytes of a request's body but for its texts and their commas. */
export const overheadOf = (fields: string): number => fields.length * 3 + 16

export function bodyOf({ parts, fields }: Pick<Batch, 'parts' | 'fields'>): string {
  const text = `"text":[${parts.map(({ json }) => json).join(',')}]`
  return fields === '{}' ? `{${text}}` : `${fields.slice(0, -1)},${text}}`
}
