import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { ModelError } from '../../model/model-error.ts'
import type { ErrorFields, ThreadMessage, ThreadRequest } from './messages.ts'

interface Served<Input, Output, Ready> {
  readonly run: (input: Input) => Output | Promise<Output>
  readonly ready: Ready
}

/** Tells the thread that started this one that it is warm, then does as it is asked, in order. */
export function runWorkerLoop<Input, Output, Ready>({
  run,
  ready,
}: Served<Input, Output, Ready>): void {
  if (!parentPort) throw new Error('This file runs as a worker thread only.')
  const port = parentPort
  const post = (message: ThreadMessage<Output, Ready>) => port.postMessage(message)

  const answer = async (input: Input) => {
    try {
      post({ type: 'done', output: await run(input) })
    } catch (error) {
      post({ type: 'failed', error: toFields(error) })
    }
  }

  let work = Promise.resolve()
  port.on('message', (request: ThreadRequest<Input>) => {
    work = work.then(() => (request.type === 'run' ? answer(request.input) : port.close()))
  })
  post({ type: 'ready', ready })
}

function toFields(error: unknown): ErrorFields {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  return { name, message, stack }
}

/**
 * Does what ends in `runWorkerLoop`. Where the model is at fault, its one line goes to the thread that
 * started this one: as an error that nobody caught it would arrive as a stack, and on Bun without its name.
 */
export async function warming(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    parentPort?.postMessage({ type: 'refused', reason: error.message })
  }
}

/**
 * Sets this thread below the event loop's priority by `nice` steps: a cached answer must not wait
 * for a core that inference holds. Linux alone has priorities by thread.
 */
export function lowerPriority(nice: number): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), nice)
  } catch {
    // Slower probes under load, the same answers.
  }
}
