import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { ModelError } from '../../model/model-error.ts'
import type { ThreadMessage, ThreadRequest } from './messages.ts'

/** A warm worker thread, as this thread sees it. Runs its inputs one after the other. */
export interface Thread<Input, Output, Ready> {
  /** What it said when it was warm. */
  readonly ready: Ready
  /**
   * Rejects if the input throws, if the thread ends under it, or with all others if one of them has
   * no output after `timeoutSeconds`: then the thread hangs.
   */
  run(input: Input, timeoutSeconds: number): Promise<Output>
  /** Resolves with the reason when the thread has ended, asked to or not. */
  readonly ended: Promise<Error>
  /** Lets it finish its input: a thread that is torn down inside native code takes the process along. */
  close(): Promise<void>
}

/** Starts a thread that calls `serveThread`, and waits until it is warm. Rejects if it ends before that, with a `ModelError` if the model is at fault. */
export async function openThread<Input, Output, Ready>(
  script: URL,
  options: unknown,
): Promise<Thread<Input, Output, Ready>> {
  const worker = new Worker(script, { workerData: options })
  const post = (request: ThreadRequest<Input>) => worker.postMessage(request)
  const ended = endOf(worker)
  /** What it has been given and has not answered, oldest first. */
  const tasks: PromiseWithResolvers<Output>[] = []
  const failAll = (error: Error) => {
    for (const task of tasks.splice(0)) task.reject(error)
  }

  const ready = await firstWord<Ready>(worker, ended)
  worker.on('message', (message: ThreadMessage<Output, Ready>) => {
    if (message.type === 'done') tasks.shift()?.resolve(message.output)
    if (message.type === 'failed') tasks.shift()?.reject(message.error)
  })
  void ended.then(failAll)

  return {
    ready,
    ended,
    async run(input, timeoutSeconds) {
      const task = Promise.withResolvers<Output>()
      tasks.push(task)
      post({ type: 'run', input })
      const late = new Error(`A worker hangs: it took over ${timeoutSeconds} s.`)
      const timer = setTimeout(() => failAll(late), timeoutSeconds * 1000)
      try {
        return await task.promise
      } finally {
        clearTimeout(timer)
      }
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
  if (message.type === 'refused') throw new ModelError(message.reason)
  throw new Error('A worker thread spoke before it was ready.')
}

function endOf(worker: Worker): Promise<Error> {
  return new Promise((resolve) => {
    worker.once('error', resolve)
    worker.once('exit', (code) => resolve(new Error(`A worker thread ended with code ${code}.`)))
  })
}
