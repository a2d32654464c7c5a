/** The texts of one request, and how many of them a worker has been given. */
export interface Job {
  readonly texts: readonly string[]
  /** Estimated tokens of each text. */
  readonly tokens: readonly number[]
  /** The first text that no worker has been given. */
  next: number
}

/** One text on its way to a worker: text number `index` of `job`. */
export interface Slot<J extends Job> {
  readonly job: J
  readonly index: number
  readonly text: string
}

/**
 * The texts that wait, fair between requests: each gives one text in turn,
 * so that a request with one text does not wait for another's thousand.
 */
export class Queue<J extends Job> {
  #rotation: J[] = []
  #texts = 0
  #tokens = 0

  get texts(): number {
    return this.#texts
  }

  /** Estimated tokens of all texts that wait. */
  get tokens(): number {
    return this.#tokens
  }

  add(job: J): void {
    this.#rotation.push(job)
    this.#texts += job.texts.length
    this.#tokens += job.tokens.reduce((sum, tokens) => sum + tokens, 0)
  }

  /** Forgets what of a job still waits. What a worker has already been given is not called back. */
  remove(job: J): void {
    this.#rotation = this.#rotation.filter((other) => other !== job)
    while (job.next < job.texts.length) this.#hand(job)
  }

  /** The next batch: at most `maxTokens` estimated tokens, but always one text if any waits. */
  take(maxTokens: number): Slot<J>[] {
    const batch: Slot<J>[] = []
    let room = maxTokens
    for (let job = this.#rotation[0]; job; job = this.#rotation[0]) {
      room -= job.tokens[job.next] ?? 0
      if (batch.length > 0 && room < 0) break
      batch.push(this.#hand(job))
      this.#rotation.shift()
      if (job.next < job.texts.length) this.#rotation.push(job)
    }
    return batch
  }

  #hand(job: J): Slot<J> {
    const index = job.next++
    this.#texts--
    this.#tokens -= job.tokens[index] ?? 0
    return { job, index, text: job.texts[index] ?? '' }
  }
}
