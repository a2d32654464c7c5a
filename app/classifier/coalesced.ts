import { zip } from '../zip.ts'
import type { Call, Classify, Prediction } from './classify.ts'

/** Texts that one request, the leader, has sent on, and that followers have asked for meanwhile. */
interface Flight {
  readonly predictions: Promise<ReadonlyMap<string, Prediction>>
  /** Requests that still wait for it. */
  waiting: number
  /** Cancels it, once nobody waits. */
  readonly abandon: () => void
}

/**
 * Single flight: a text that is already in flight is not sent again; whoever asks for it meanwhile
 * gets the leader's prediction. A request that leaves does not cancel what others wait for.
 */
export function coalesced(classify: Classify): Classify {
  const flights = new Map<string, Flight>()

  /** Sends on texts that are not in flight. */
  function start(texts: readonly string[], call: Call): void {
    const abort = new AbortController()
    const forget = () => {
      for (const text of texts) if (flights.get(text) === flight) flights.delete(text)
    }
    const predictions = classify(texts, toFlightCall(call, abort.signal)).then(
      (list) => new Map(zip(texts, list)),
    )
    const abandon = () => {
      forget()
      abort.abort(call.signal().reason)
    }
    const flight: Flight = { predictions, waiting: 0, abandon }
    for (const text of texts) flights.set(text, flight)
    predictions.then(forget, forget)
  }

  return async (texts, call) => {
    const signal = call.signal()
    signal.throwIfAborted()
    const own = new Set(texts.filter((text) => !flights.has(text)))
    const waitsOnly = own.size === 0
    if (!waitsOnly) start([...own], call)
    const startedAt = performance.now()
    const all = await join(new Set(texts.flatMap((text) => flights.get(text) ?? [])), signal)
    if (waitsOnly) {
      const endedAt = performance.now()
      call.timing.add('queue', endedAt - startedAt)
      call.trace.add('coalesced', { startedAt, endedAt })
    }
    // Of a text that comes twice in one request the second one is coalesced too.
    return texts.map((text) => toPrediction(all.get(text), own.delete(text)))
  }
}

/** The leader's call with a signal of the flight's own: it goes on when the leader leaves. */
const toFlightCall = (call: Call, signal: AbortSignal): Call => ({
  timing: call.timing,
  trace: call.trace,
  deadlineAt: call.deadlineAt,
  caller: () => call.caller(),
  signal: () => signal,
})

/** Waits for some flights, until the caller leaves. */
async function join(
  flights: ReadonlySet<Flight>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Prediction>> {
  const left = Promise.withResolvers<never>()
  const leave = () => left.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  for (const flight of flights) flight.waiting++
  try {
    const landed = Promise.all([...flights].map((flight) => flight.predictions))
    const maps = await Promise.race([landed, left.promise])
    return new Map(maps.flatMap((predictions) => [...predictions]))
  } finally {
    signal.removeEventListener('abort', leave)
    for (const flight of flights) if (--flight.waiting === 0) flight.abandon()
  }
}

function toPrediction(prediction: Prediction | undefined, own: boolean): Prediction {
  if (!prediction) throw new Error('A text was left without a prediction.')
  return own ? prediction : { ...prediction, source: 'coalesced' }
}
