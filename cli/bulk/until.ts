/** Passes on what comes until the signal aborts, also while nothing comes. */
export async function* until<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const aborted = Promise.withResolvers<undefined>()
  const abort = () => aborted.resolve(undefined)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  const iterator = items[Symbol.asyncIterator]()
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), aborted.promise])
      if (!result || result.done) return
      yield result.value
    }
  } finally {
    signal.removeEventListener('abort', abort)
    // Not awaited: what it waits for may never come.
    void iterator.return?.()
  }
}
