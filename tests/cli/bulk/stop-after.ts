/** Ends a run after its first, second, ... chunk of output. */
export function stopAfter(chunks: number) {
  const controller = new AbortController()
  let seen = 0
  return {
    signal: controller.signal,
    onProgress() {
      seen++
      if (seen === chunks) controller.abort()
    },
  }
}
