import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { toInvalidRequest } from '../problem.ts'

/** What a stream may be asked in its address, as its body has rows alone. */
export const StreamQuery = z.object({
  truncate: z.enum(['true', 'false'], 'Must be true or false.').optional().openapi({
    description: 'For rows: if false, those that would be truncated are error rows.',
  }),
  line: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'Must be a whole number from 1 on.')
    .optional()
    .openapi({
      description: 'For rows: the number of the line that the first one is in, as in `next.line`.',
    }),
})

export type StreamQuery = z.infer<typeof StreamQuery>

/** The query of a stream. Throws `invalid_request`. */
export function readQuery(c: Context): StreamQuery {
  const result = StreamQuery.safeParse(c.req.query())
  if (!result.success) throw toInvalidRequest(result.error, '?line=1&truncate=false')
  return result.data
}
