import { findModel } from '../model/catalog.ts'
import { ModelError } from '../model/model-error.ts'
import { type ModelInfo, readModelInfo } from '../model/model-info.ts'
import { whyNotPinned } from '../model/verify.ts'
import { type Config, ConfigError } from './config.ts'
import type { Logger } from './telemetry/logger.ts'

/** The model that `MODEL` names, as the catalog pins it. Throws a `ConfigError`. */
export const readServedModel = (config: Config, log: Logger): Promise<ModelInfo> =>
  orConfigError('MODEL', readVerifiedModel(config.MODEL, config, log))

/**
 * The model that `SHADOW_MODEL` names, if a share of the texts is to be compared with it. Throws a
 * `ConfigError`, also for one that has other labels than the served model.
 */
export async function readShadowModel(
  config: Config,
  served: ModelInfo,
  log: Logger,
): Promise<ModelInfo | undefined> {
  const { SHADOW_MODEL: name, SHADOW_SHARE: share } = config
  if (name === undefined || share === 0) return undefined
  return await orConfigError('SHADOW_MODEL', readComparable(name))

  async function readComparable(idOrFolder: string): Promise<ModelInfo> {
    const shadow = await readVerifiedModel(idOrFolder, config, log)
    const sorted = ({ labels }: ModelInfo) => labels.toSorted().join(', ')
    if (sorted(shadow) === sorted(served)) return shadow
    throw new ModelError(
      `its labels are ${sorted(shadow)}, and those of MODEL ${sorted(served)}: they can't be compared`,
    )
  }
}

/** The model as the catalog pins it. What serves other files all the same says so in the log. */
async function readVerifiedModel(
  idOrFolder: string,
  { MODEL_ALLOW_UNVERIFIED }: Config,
  log: Logger,
): Promise<ModelInfo> {
  const location = await findModel(idOrFolder)
  const model = await readModelInfo(location)
  const difference = whyNotPinned(location.entry, model)
  if (difference && !MODEL_ALLOW_UNVERIFIED) {
    throw new ModelError(`${difference}; MODEL_ALLOW_UNVERIFIED=true serves it all the same`)
  }
  if (difference) {
    log.warn({ event: 'model_unverified', reason: difference }, 'model not verified')
  }
  return model
}

/** A model that can't be found, read or run is the operator's to mend, like every bad value. */
export async function orConfigError<T>(setting: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    throw new ConfigError([`${setting}: ${error.message}`], { cause: error })
  }
}
