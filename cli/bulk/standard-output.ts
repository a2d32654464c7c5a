import type { Output } from './part-file.ts'

/** The reader of standard output has what it wanted, as `head` does: no error, but the end. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

/** Standard output, as a filter writes it: waits for a slow reader, and throws `OutputClosed` for one that has left. */
export function openStandardOutput(): Output {
  let bytes = 0
  // What fails is told to each write; unheard, it would end the process.
  process.stdout.on('error', () => undefined)
  return {
    get bytes() {
      return bytes
    },
    async write(text) {
      if (text === '') return
      await new Promise<void>((resolve, reject) => {
        process.stdout.write(text, (error) => (error ? reject(toError(error)) : resolve()))
      })
      bytes += Buffer.byteLength(text)
    },
    async sync() {},
    async finish() {},
    async close() {},
    digest: () => '',
  }
}

const toError = (cause: NodeJS.ErrnoException) =>
  cause.code === 'EPIPE' ? new OutputClosed('The reader has left.', { cause }) : cause
