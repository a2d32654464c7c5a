import { z } from 'zod'

/** What a run was about, for those who read of it later. */
export const RunFacts = z.object({
  /** Names of the files. */
  inputs: z.array(z.string()).readonly(),
  /** When the first run began, in ISO 8601. */
  startedAt: z.string(),
  model: z.object({
    id: z.string(),
    source: z.string(),
    version: z.string().nullable(),
    license: z.string().nullable(),
    digest: z.string(),
  }),
  /** Options of the command, and their values. */
  options: z.record(z.string(), z.string()),
})
export type RunFacts = z.infer<typeof RunFacts>
