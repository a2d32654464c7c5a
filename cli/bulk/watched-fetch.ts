import { type Fetch, PolarityError } from '../../client/src/index.ts'

const TOO_MANY_REQUESTS = 429

/** `fetch` of a service, whose model must not become another one. */
export class WatchedFetch {
  /** What went wrong with the last request, if anything did. */
  trouble: string | undefined
  readonly #digest: string

  /** `digest`: of the model. */
  constructor(digest: string) {
    this.#digest = digest
  }

  /** Throws `model_changed` if another model answers. */
  readonly fetch: Fetch = async (url, init) => {
    const response = await fetch(url, init).catch((error: unknown) => {
      this.trouble = 'no answer'
      throw error
    })
    this.trouble = troubleOf(response)
    const answered = response.headers.get('x-model-digest') ?? ''
    if (this.#digest.startsWith(answered)) return response
    const expected = this.#digest.slice(0, answered.length)
    const detail = `It has another model now: ${answered} in place of ${expected}.`
    throw new PolarityError({ code: 'model_changed', detail })
  }
}

function troubleOf({ status, ok }: Response): string | undefined {
  if (ok) return undefined
  return status === TOO_MANY_REQUESTS ? 'the service asks to wait' : `the service answers ${status}`
}
