import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { ModelError } from '../../model/model-error.ts'
import { monotonic, wallClock } from '../clock.ts'
import { afterActiveTime } from './active-time.ts'
import { type ErrorFields, type ThreadMessage, type ThreadRequest, WorkerHung } from './messages.ts'

/** Outputs of which the shortest delay counts: one that is late says nothing yet. */
const MEASURED_DELAYS = 4

/** Handle of a warm worker thread, which runs its inputs one after the other. */
export interface Thread<Input, Output, Ready> {
  /** The payload of its ready message. */
  readonly ready: Ready
  /**
   * Rejects if the input throws or the thread exits. An input that times out marks the thread as
   * hung and rejects everything queued on it; time in which the process was stopped does not count.
   */
  run(input: Input, timeoutSeconds: number): Promise<Output>
  /** How long each of its last outputs waited at least to be read: the lag of this thread's event loop. */
  readonly replyDelayMs: number
  /** Resolves with the reason when the thread has exited, requested or not. */
  readonly ended: Promise<Error>
  /** Exits after the inputs in flight, and at once if it was terminated. */
  close(): Promise<void>
}

interface ThreadOptions {
  /** What the script reads as its `workerData`. */
  readonly workerData: unknown
  /**
   * Whether a hung thread is terminated: only one that runs JavaScript alone may be, as a thread that
   * is terminated inside native code aborts the process.
   */
  readonly terminable: boolean
}

/**
 * Starts a thread that calls `runWorkerLoop`, and waits until it is warm. Rejects if it exits first,
 * with a `ModelError` if the model is at fault.
 */
export async function openThread<Input, Output, Ready>(
  script: URL,
  { workerData, terminable }: ThreadOptions,
): Promise<Thread<Input, Output, Ready>> {
  const worker = new Worker(script, { workerData })
  const post = (request: ThreadRequest<Input>) => worker.postMessage(request)
  const ended = endOf(worker)
  /** Inputs in flight, oldest first. */
  const tasks: PromiseWithResolvers<Output>[] = []
  const failAll = (error: Error) => {
    for (const task of tasks.splice(0)) task.reject(error)
  }

  /** Milliseconds that the last outputs waited. */
  const delays: number[] = []
  const ready = await firstWord<Ready>(worker, ended)
  worker.on('message', (message: ThreadMessage<Output, Ready>) => {
    if (message.type === 'done') {
      delays.push(wallClock() - message.sentAt)
      if (delays.length > MEASURED_DELAYS) delays.shift()
      tasks.shift()?.resolve(message.output)
    }
    if (message.type === 'failed') tasks.shift()?.reject(toError(message.error))
  })
  void ended.then(failAll)

  return {
    ready,
    ended,
    get replyDelayMs() {
      return delays.length < MEASURED_DELAYS ? 0 : Math.max(0, Math.min(...delays))
    },
    async run(input, timeoutSeconds) {
      const task = Promise.withResolvers<Output>()
      tasks.push(task)
      post({ type: 'run', input })
      const giveUp = () => {
        failAll(new WorkerHung(`The worker is hung: no output after ${timeoutSeconds} s.`))
        if (terminable) void worker.terminate()
      }
      const cancel = afterActiveTime(timeoutSeconds * 1000, giveUp, monotonic)
      try {
        return await task.promise
      } finally {
        cancel()
      }
    },
    async close() {
      post({ type: 'close' })
      await ended
    },
  }
}

/** The error that a worker threw, with its own name and stack. */
const toError = ({ name, message, stack }: ErrorFields): Error =>
  Object.assign(new Error(message), { name, stack })

async function firstWord<Ready>(worker: Worker, ended: Promise<Error>): Promise<Ready> {
  const [message]: [ThreadMessage<never, Ready>] = await Promise.race([
    once(worker, 'message') as Promise<[ThreadMessage<never, Ready>]>,
    ended.then((error) => Promise.reject(error)),
  ])
  if (message.type === 'ready') return message.ready
  if (message.type === 'refused') throw new ModelError(message.reason)
  throw new Error('The first message of a worker thread was not "ready".')
}

function endOf(worker: Worker): Promise<Error> {
  return new Promise((resolve) => {
    worker.once('error', resolve)
    worker.once('exit', (code) => resolve(new Error(`The worker thread exited with code ${code}.`)))
  })
}
