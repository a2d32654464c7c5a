interface Owned {
  /** Whose turn it is used for. */
  readonly caller: string
}

interface Line<Turn> {
  readonly turns: Set<Turn>
  served: number
}

/**
 * Whose turn it is, by caller and not by request: start-time fair queueing (Goyal et al. 1996) between
 * callers, round robin within one. A caller with many requests has no more than one with a single
 * one, and a short request waits for one turn of each of its caller's others at most.
 */
export class Turns<Turn extends Owned> {
  readonly #lines = new Map<string, Line<Turn>>()
  #virtualTime = 0

  add(turn: Turn): void {
    const line = this.#lines.get(turn.caller) ?? { turns: new Set(), served: this.#virtualTime }
    this.#lines.set(turn.caller, line)
    line.turns.add(turn)
  }

  /** Removes and returns the next turn. Whoever takes it must say what it costs by `charge`. */
  next(): Turn | undefined {
    let least: Line<Turn> | undefined
    for (const line of this.#lines.values()) {
      if (!least || line.served < least.served) least = line
    }
    if (!least) return undefined
    this.#virtualTime = least.served
    const [turn] = least.turns
    if (turn) least.turns.delete(turn)
    return turn
  }

  /** Counts what a turn has cost, and puts `rest`, if the turn has not done all, behind its caller's others. */
  charge({ caller }: Owned, cost: number, rest?: Turn): void {
    const line = this.#lines.get(caller)
    if (!line) return
    line.served += cost
    if (rest) line.turns.add(rest)
    if (line.turns.size === 0) this.#lines.delete(caller)
  }
}
