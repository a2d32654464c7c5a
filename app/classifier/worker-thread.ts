import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Batch, SessionOptions } from '../../model/session.ts'
import type { WorkerMessage, WorkerRequest } from './protocol.ts'

/** A worker thread with a warm session, as this thread sees it. Runs one batch at a time. */
export interface WorkerThread {
  /** Rejects if the batch throws, or if the thread ends under it. */
  run(texts: readonly string[]): Promise<Batch>
  /** Resolves with the reason when the thread has ended, asked to or not. */
  readonly ended: Promise<Error>
  /** Lets it finish its batch: a thread that is torn down inside native code takes the process along. */
  close(): Promise<void>
}

/** Starts a thread and waits until its session is warm. Rejects if it ends before that. */
export async function openWorkerThread(options: SessionOptions): Promise<WorkerThread> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options })
  const post = (request: WorkerRequest) => worker.postMessage(request)
  const ended = endOf(worker)
  let task: PromiseWithResolvers<Batch> | undefined

  await Promise.race([once(worker, 'message'), ended.then((error) => Promise.reject(error))])
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'batch') task?.resolve(message.batch)
    if (message.type === 'failed') task?.reject(message.error)
  })
  void ended.then((error) => task?.reject(error))

  return {
    ended,
    run(texts) {
      task = Promise.withResolvers()
      post({ type: 'batch', texts })
      return task.promise
    },
    async close() {
      post({ type: 'close' })
      await ended
    },
  }
}

function endOf(worker: Worker): Promise<Error> {
  return new Promise((resolve) => {
    worker.once('error', resolve)
    worker.once('exit', (code) => resolve(new Error(`A worker thread ended with code ${code}.`)))
  })
}
