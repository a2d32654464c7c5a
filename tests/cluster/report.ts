/** Of what failed; the rest is mostly the same. */
const LINES = 12

type Say = (line: string) => void

/** Runs cases, says of each whether it passed, and counts. */
export class Report {
  readonly #say: Say
  #passed = 0
  #failed = 0

  constructor(say: Say) {
    this.#say = say
  }

  /** Passes unless it throws. If it resolves to a text, that is said beside its name: a figure with its unit. */
  async case(name: string, run: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now()
    try {
      const figure = await run()
      this.#passed++
      this.#say(
        `passed ${name}${typeof figure === 'string' ? `: ${figure}` : ''} (${seconds(startedAt)} s)`,
      )
    } catch (error) {
      this.#failed++
      const why = (error instanceof Error ? error.message : `${error}`).split('\n').slice(0, LINES)
      this.#say(`FAILED ${name} (${seconds(startedAt)} s): ${why.join('\n    ')}`)
    }
  }

  get failed(): number {
    return this.#failed
  }

  /** The last line. */
  get sums(): string {
    return `${this.#passed} passed, ${this.#failed} failed`
  }
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1)
