import { once } from 'node:events'
import { type Transferable, Worker } from 'node:worker_threads'
import type { ThreadMessage, ThreadRequest } from './protocol.ts'

/** A warm worker thread, as this thread sees it. Runs one input at a time. */
export interface Thread<Input, Output, Ready> {
  /** What it said when it was warm. */
  readonly ready: Ready
  /** Rejects if the input throws, or if the thread ends under it. */
  run(input: Input, transfer?: readonly Transferable[]): Promise<Output>
  /** Resolves with the reason when the thread has ended, asked to or not. */
  readonly ended: Promise<Error>
  /** Lets it finish its input: a thread that is torn down inside native code takes the process along. */
  close(): Promise<void>
}

/** Starts a thread that calls `serveThread`, and waits until it is warm. Rejects if it ends before that. */
export async function openThread<Input, Output, Ready>(
  script: URL,
  options: unknown,
): Promise<Thread<Input, Output, Ready>> {
  const worker = new Worker(script, { workerData: options })
  const post = (request: ThreadRequest<Input>, transfer: readonly Transferable[] = []) =>
    worker.postMessage(request, [...transfer])
  const ended = endOf(worker)
  let task: PromiseWithResolvers<Output> | undefined

  const ready = await firstWord<Ready>(worker, ended)
  worker.on('message', (message: ThreadMessage<Output, Ready>) => {
    if (message.type === 'done') task?.resolve(message.output)
    if (message.type === 'failed') task?.reject(message.error)
  })
  void ended.then((error) => task?.reject(error))

  return {
    ready,
    ended,
    run(input, transfer) {
      task = Promise.withResolvers()
      post({ type: 'run', input }, transfer)
      return task.promise
    },
    async close() {
      post({ type: 'close' })
      await ended
    },
  }
}

async function firstWord<Ready>(worker: Worker, ended: Promise<Error>): Promise<Ready> {
  const [message]: [ThreadMessage<never, Ready>] = await Promise.race([
    once(worker, 'message') as Promise<[ThreadMessage<never, Ready>]>,
    ended.then((error) => Promise.reject(error)),
  ])
  if (message.type === 'ready') return message.ready
  throw new Error('A worker thread spoke before it was ready.')
}

function endOf(worker: Worker): Promise<Error> {
  return new Promise((resolve) => {
    worker.once('error', resolve)
    worker.once('exit', (code) => resolve(new Error(`A worker thread ended with code ${code}.`)))
  })
}
