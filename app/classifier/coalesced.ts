import { zip } from '../zip.ts'
import type { Call, Classify, Prediction } from './classify.ts'

/** Texts in flight: sent on by one request, the leader; other requests, the followers, may join. */
interface Flight {
  readonly predictions: Promise<ReadonlyMap<string, Prediction>>
  /** Requests that still wait for it, the leader included. */
  waiting: number
  /** Cancels it; called when no request waits any more. */
  readonly abandon: () => void
}

/**
 * Single flight: a text that is already in flight is not sent again; followers get the leader's
 * prediction. A request that is aborted does not cancel a flight that others wait for.
 */
export function coalesced(classify: Classify): Classify {
  const flights = new Map<string, Flight>()

  /** Starts a flight for texts that are not in one. */
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
    // The second occurrence of a text within one request is coalesced too.
    return texts.map((text) => toPrediction(all.get(text), own.delete(text)))
  }
}

/**
 * The leader's call with the flight's own signal, so that the flight outlives an aborted leader.
 */
const toFlightCall = (call: Call, signal: AbortSignal): Call => ({
  timing: call.timing,
  trace: call.trace,
  deadlineAt: call.deadlineAt,
  caller: () => call.caller(),
  signal: () => signal,
})

/** Waits for all these flights, or until the signal aborts. */
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
