import { zip } from '../zip.ts'
import type { Answer, Call, Classify } from './classify.ts'

/** Texts that one request has sent on, and that others have asked for meanwhile. */
interface Flight {
  readonly answers: Promise<ReadonlyMap<string, Answer>>
  /** Requests that still wait for it. */
  waiting: number
  /** Ends it, once nobody waits. */
  readonly abandon: () => void
}

/**
 * Single flight: a text that is asked for while it is on its way is not sent again, but answered
 * with the first one's answer. A request that leaves does not end what others wait for.
 */
export function coalesced(classify: Classify): Classify {
  const flights = new Map<string, Flight>()

  /** Sends texts on that nobody else has sent. */
  function start(texts: readonly string[], call: Call): void {
    const leader = new AbortController()
    const forget = () => {
      for (const text of texts) if (flights.get(text) === flight) flights.delete(text)
    }
    const answers = classify(texts, toFlightCall(call, leader.signal)).then(
      (list) => new Map(zip(texts, list)),
    )
    const abandon = () => {
      forget()
      leader.abort(call.signal.reason)
    }
    const flight: Flight = { answers, waiting: 0, abandon }
    for (const text of texts) flights.set(text, flight)
    answers.then(forget, forget)
  }

  return async (texts, call) => {
    call.signal.throwIfAborted()
    const own = new Set(texts.filter((text) => !flights.has(text)))
    const waitsOnly = own.size === 0
    if (!waitsOnly) start([...own], call)
    const startedAt = performance.now()
    const all = await join(new Set(texts.flatMap((text) => flights.get(text) ?? [])), call.signal)
    if (waitsOnly) {
      const endedAt = performance.now()
      call.timing.add('queue', endedAt - startedAt)
      call.trace.add('coalesced', { startedAt, endedAt })
    }
    // Where a text comes twice in one request, the second is coalesced too.
    return texts.map((text) => toAnswer(all.get(text), own.delete(text)))
  }
}

/** The first caller's call, that goes on when this caller leaves. */
const toFlightCall = ({ timing, trace, caller, deadlineAt }: Call, signal: AbortSignal): Call => ({
  timing,
  trace,
  caller,
  deadlineAt,
  signal,
})

/** Waits for some flights, until the caller leaves. */
async function join(
  flights: ReadonlySet<Flight>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Answer>> {
  const left = Promise.withResolvers<never>()
  const leave = () => left.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  for (const flight of flights) flight.waiting++
  try {
    const landed = Promise.all([...flights].map((flight) => flight.answers))
    const maps = await Promise.race([landed, left.promise])
    return new Map(maps.flatMap((answers) => [...answers]))
  } finally {
    signal.removeEventListener('abort', leave)
    for (const flight of flights) if (--flight.waiting === 0) flight.abandon()
  }
}

function toAnswer(answer: Answer | undefined, own: boolean): Answer {
  if (!answer) throw new Error('A text was left without an answer.')
  return own ? answer : { ...answer, source: 'coalesced' }
}
