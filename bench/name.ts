import { basename } from 'node:path'
import type { Model } from '../model/model-info.ts'

/** One that was given as a folder is called by the folder's own name: where that lies is nobody's concern. */
export const nameOf = (model: Model): string => basename(model.id)
