/** What one attack came to. */
export interface Outcome {
  readonly attack: string
  readonly held: boolean
  /** What was seen, with its unit. */
  readonly figure: string
  /** What would still have held. */
  readonly bound: string
}

export type Say = (line: string) => void

/** Collects the outcomes of attacks, and says each as it comes. */
export class Report {
  readonly #say: Say
  #held = 0
  #broke = 0
  #skipped = 0

  constructor(say: Say) {
    this.#say = say
  }

  add({ attack, held, figure, bound }: Outcome): void {
    if (held) this.#held++
    else this.#broke++
    this.#say(`${held ? 'held ' : 'BROKE'} ${attack}: ${figure} (bound: ${bound})`)
  }

  /** An attack that can't be tried here. */
  skip(attack: string, why: string): void {
    this.#skipped++
    this.#say(`skip  ${attack}: ${why}`)
  }

  get broke(): number {
    return this.#broke
  }

  get held(): number {
    return this.#held
  }

  /** The last line. */
  get sums(): string {
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : ''
    return `${this.#held} held, ${this.#broke} broke${skipped}`
  }
}
