import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 200

/** Asks until there is an answer, which it resolves to; throws what was awaited after these seconds. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const endsAt = performance.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > endsAt) throw new Error(`after ${seconds} s still not: ${what}`)
    await sleep(PAUSE_MS)
  }
}

/** Throws unless it holds. */
export function expect(holds: boolean, message: string): void {
  if (!holds) throw new Error(message)
}
