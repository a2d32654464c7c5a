import type { AppError } from '../../errors.ts'

/** How a stream has ended: complete, or by an error. */
export interface StreamEnd {
  readonly error: AppError | undefined
}
