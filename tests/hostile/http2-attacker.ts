import { workerData } from 'node:worker_threads'
import { z } from 'zod'
import { ATTACKS } from './http2-attacks.ts'

/** A thread of its own, so that it does not hold up those who watch. */
const { name, target } = z.object({ name: z.string(), target: z.url() }).parse(workerData)

// The service ends connections in the middle of what is written to them.
process.on('uncaughtException', () => undefined)
ATTACKS[name]?.(new URL(target))
