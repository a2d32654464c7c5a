interface Closable {
  close(): Promise<void>
}

/**
 * Waits for all that is being opened. If some fails the rest is closed before the first failure is
 * thrown, so that the process may end: no thread is then in the midst of native code.
 */
export async function openAll<T extends readonly Promise<Closable>[]>(opening: T) {
  const settled = await Promise.allSettled(opening)
  const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  if (opened.length < settled.length) await Promise.all(opened.map((one) => one.close()))
  return Promise.all(opening)
}
