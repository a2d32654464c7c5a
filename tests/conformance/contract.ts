import { ANSWERS } from './answers.ts'
import { DIALECTS } from './dialects.ts'
import { ERRORS } from './errors.ts'
import { ROUTES } from './routes.ts'
import { STREAMS } from './streams.ts'
import type { Check } from './target.ts'

/** The contract of a service with default settings: memory cache, no API keys. */
export const CONTRACT: readonly Check[] = [
  ...ANSWERS,
  ...ERRORS,
  ...ROUTES,
  ...DIALECTS,
  ...STREAMS,
]
