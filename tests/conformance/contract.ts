import { ANSWERS } from './answers.ts'
import { ERRORS } from './errors.ts'
import { ROUTES } from './routes.ts'
import type { Check } from './target.ts'

/** Everything that a service with default settings promises: memory cache, no API keys. */
export const CONTRACT: readonly Check[] = [...ANSWERS, ...ERRORS, ...ROUTES]
