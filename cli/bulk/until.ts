/** Passes on what comes until the signal aborts, also while nothing comes. */
export async function* until<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  try {
    for (;;) {
      const result = await nextOf(iterator, signal)
      if (!result || result.done) return
      yield result.value
    }
  } finally {
    // Not awaited: what it waits for may never come.
    void iterator.return?.()
  }
}

/**
 * The next item; undefined if the signal aborts first. Not by `Promise.race` with one promise for the
 * signal, which would keep every item for as long as the signal lives.
 */
async function nextOf<T>(iterator: AsyncIterator<T>, signal: AbortSignal) {
  if (signal.aborted) return undefined
  const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T> | undefined>()
  const abort = () => resolve(undefined)
  signal.addEventListener('abort', abort, { once: true })
  iterator.next().then(resolve, reject)
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
