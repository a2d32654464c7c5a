import { basename } from 'node:path'
import type { ModelInfo } from '../model/model-info.ts'

/** The model's id, or the last part of its path, so that results contain no local paths. */
export const nameOf = (model: ModelInfo): string => basename(model.id)
