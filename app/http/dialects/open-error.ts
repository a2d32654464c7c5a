import { z } from '@hono/zod-openapi'
import type { AppError, ErrorCode } from '../../errors.ts'
import { inOneLine } from '../dialect.ts'
import { errorResponses } from '../openapi.ts'

const OpenError = z.object({ error: z.string() }).openapi('OpenError')

/** An error as KServe's protocols and the Open Inference Protocol have it. */
export const toOpenError = (error: AppError) => ({ error: inOneLine(error) })

/** The error responses of a route of these protocols, by status. */
export const openErrors = (codes: readonly ErrorCode[]) =>
  errorResponses(codes, {
    type: 'application/json',
    schema: OpenError,
    exampleOf: () => ({ error: 'What went wrong, in one sentence.' }),
  })
