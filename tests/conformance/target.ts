import { randomUUID } from 'node:crypto'
import { z } from 'zod'

const Prediction = z.array(z.strictObject({ label: z.string(), score: z.number() }))
const Answer = z.strictObject({ predictions: z.array(Prediction) })

/** Every label of a text, in class order. */
export type Prediction = z.infer<typeof Prediction>

const JSON_HEADERS = { 'content-type': 'application/json' }

/** Client of a running service. */
export class Target {
  readonly url: string
  readonly internalUrl: string

  constructor(url: string, internalUrl: string) {
    this.url = url
    this.internalUrl = internalUrl
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers })
  }

  getInternal(path: string): Promise<Response> {
    return fetch(`${this.internalUrl}${path}`)
  }

  /** `POST /predict` with this body. */
  send(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = JSON_HEADERS) {
    return this.postBytes('/predict', body, headers)
  }

  /** `POST` with this body as JSON. */
  post(path: string, body: object): Promise<Response> {
    return this.postBytes(path, JSON.stringify(body), JSON_HEADERS)
  }

  postBytes(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string>,
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, { method: 'POST', headers, body })
  }

  /** `POST /predict` with these texts, and `more` fields in the body. */
  ask(text: readonly unknown[], more: Record<string, unknown> = {}): Promise<Response> {
    return this.send(JSON.stringify({ text, ...more }))
  }

  /** The predictions for some texts. Throws unless the status is 200 and the body has the contract's shape. */
  async predict(texts: readonly string[]): Promise<Prediction[]> {
    const response = await this.ask(texts)
    if (response.status !== 200) throw new Error(`status ${response.status}, not 200`)
    return Answer.parse(await response.json()).predictions
  }

  /** The POSITIVE score of one text. */
  async positive(text: string): Promise<number> {
    const [prediction] = await this.predict([text])
    return prediction?.at(-1)?.score ?? Number.NaN
  }
}

/** A text that is in no cache. */
export const unseen = (text: string): string => `${text} ${randomUUID()}`

/** One check of the contract. */
export interface Check {
  readonly name: string
  /** Throws if it fails. */
  run(target: Target): Promise<void>
}
