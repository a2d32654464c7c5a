import { ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import type { Circumstances } from './part.ts'

const ENV = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0' }

export interface Verdict {
  readonly held: boolean
  readonly figure: string
  readonly bound: string
}

export type Attack = (service: ServiceProcess) => Promise<Verdict>

export const verdict = (held: boolean, figure: string, bound: string): Verdict => ({
  held,
  figure,
  bound,
})

/** Starts a service with these settings, tries the attacks one after the other, and ends it. */
export async function against(
  { runtime, report }: Circumstances,
  env: Record<string, string>,
  attacks: Record<string, Attack>,
): Promise<void> {
  const service = await new ServiceProcess(runtime, { ...ENV, ...env }).ready()
  try {
    for (const [name, attack] of Object.entries(attacks))
      report.add({ attack: `${runtime} identity: ${name}`, ...(await attack(service)) })
  } finally {
    await service.stop()
  }
}
