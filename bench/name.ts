import { basename } from 'node:path'
import type { Model } from '../model/model-info.ts'

/** The model's id, or the last part of its path, so that results contain no local paths. */
export const nameOf = (model: Model): string => basename(model.id)
