import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openSession, type SessionOptions } from '../../model/session.ts'
import type { WorkerMessage, WorkerRequest } from './protocol.ts'

/** Below the event loop's priority: a cached answer must not wait for a core that inference holds. */
const NICE = 10

if (!parentPort) throw new Error('worker.ts runs as a worker thread only')
const port = parentPort
const post = (message: WorkerMessage) => port.postMessage(message)

lowerPriority()
const options: SessionOptions = workerData
const classify = await openSession(options)
await classify(['The first run of a session is slow: this one is nobody’s.'])

let work = Promise.resolve()
port.on('message', (request: WorkerRequest) => {
  work = work.then(() => (request.type === 'batch' ? run(request.texts) : port.close()))
})
post({ type: 'ready' })

async function run(texts: readonly string[]): Promise<void> {
  try {
    post({ type: 'batch', batch: await classify(texts) })
  } catch (error) {
    post({ type: 'failed', error: new Error(String(error)) })
  }
}

/** Linux alone has priorities by thread; elsewhere inference competes as an equal. */
function lowerPriority(): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), NICE)
  } catch {
    // Slower probes under load, the same answers.
  }
}
