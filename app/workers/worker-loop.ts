import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { ModelError } from '../../model/model-error.ts'
import { wallClock } from '../clock.ts'
import type { ErrorFields, ThreadMessage, ThreadRequest } from './messages.ts'

interface WorkerTask<Input, Output, Ready> {
  readonly run: (input: Input) => Output | Promise<Output>
  readonly ready: Ready
}

/** Reports `ready` to the parent thread, then handles its requests in order. */
export function runWorkerLoop<Input, Output, Ready>({
  run,
  ready,
}: WorkerTask<Input, Output, Ready>): void {
  if (!parentPort) throw new Error('This file must run in a worker thread.')
  const port = parentPort
  const post = (message: ThreadMessage<Output, Ready>) => port.postMessage(message)

  const answer = async (input: Input) => {
    try {
      post({ type: 'done', output: await run(input), sentAt: wallClock() })
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
 * Runs a start-up that ends in `runWorkerLoop`. A `ModelError` is posted to the parent as one line:
 * uncaught, it would arrive with its stack, and on Bun without its name.
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
 * Lowers this thread's priority by `nice` steps, so that a cache hit does not wait for a core that
 * inference holds. Only Linux has priorities per thread.
 */
export function lowerPriority(nice: number): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), nice)
  } catch {
    // Not required: without it, cache hits and probes are slower under load.
  }
}
