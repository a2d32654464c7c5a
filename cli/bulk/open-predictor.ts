import { UsageError } from '../command.ts'
import type { Predictor } from './predictor.ts'

/** Options of a command; those that are left out have defaults. */
export interface PredictorOptions {
  /** Id or folder. */
  readonly model?: string | undefined
  readonly workers?: number | undefined
  readonly longTexts?: 'truncate' | 'window' | undefined
  /** Of a service. */
  readonly url?: string | undefined
  readonly key?: string | undefined
  readonly concurrency?: number | undefined
  /** Seconds. */
  readonly timeout?: number | undefined
}

const LOCAL = { model: 'model', workers: 'workers', longTexts: 'long-texts' } as const
const REMOTE = { key: 'key', concurrency: 'concurrency', timeout: 'timeout' } as const

/** Opens a model in this process, or the service at `--url`. Throws a `UsageError` for options of the other one. */
export async function openPredictor(options: PredictorOptions): Promise<Predictor> {
  const { url } = options
  if (url === undefined) {
    const unfit = givenOf(options, REMOTE)
    if (unfit) throw new UsageError(`--${unfit} needs --url`)
    // Loads the model's libraries, which a service has in our place.
    const { openLocalModel } = await import('./local-model.ts')
    return await openLocalModel(options)
  }
  const unfit = givenOf(options, LOCAL)
  if (unfit) throw new UsageError(`--${unfit} is for the service to say, not beside --url`)
  const { openService } = await import('./service-model.ts')
  return await openService({ ...options, url, key: options.key ?? process.env.POLARITY_API_KEY })
}

function givenOf(
  options: PredictorOptions,
  names: Partial<Record<keyof PredictorOptions, string>>,
): string | undefined {
  return Object.entries(names).find(([name]) => Reflect.get(options, name) !== undefined)?.[1]
}
