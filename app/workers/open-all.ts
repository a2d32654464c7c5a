interface Closable {
  close(): Promise<void>
}

/**
 * Waits until all are open. If one fails, closes the others before it throws the first error, so
 * that the process can exit: no thread is inside native code then.
 */
export async function openAll<T extends readonly Promise<Closable>[]>(opening: T) {
  const settled = await Promise.allSettled(opening)
  const opened = settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  if (opened.length < settled.length) await Promise.all(opened.map((one) => one.close()))
  return Promise.all(opening)
}
