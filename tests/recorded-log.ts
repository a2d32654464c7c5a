import { pino } from 'pino'
import { z } from 'zod'
import type { Logger } from '../app/telemetry/logger.ts'

const Line = z.looseObject({ msg: z.string(), retry_ms: z.number().optional() })

/** A log that is kept, line by line, in place of being printed. */
export function recordedLog(): { log: Logger; lines: z.infer<typeof Line>[] } {
  const lines: z.infer<typeof Line>[] = []
  const write = (text: string) => lines.push(Line.parse(JSON.parse(text)))
  return { log: pino({}, { write }), lines }
}
