import type { Context } from 'hono'
import { AppError } from '../../errors.ts'
import type { Info } from '../schema.ts'

/** What a model without a version of its own is called by. */
const FIRST_VERSION = '1'

/** The one model that is served, as clients that know many name it. */
export interface ServedModel {
  readonly name: string
  readonly version: string
  /** Throws `not_found` for another name or version in the path. Returns the name. */
  require(c: Context, name?: string): string
}

/** It has the name of its weights, and that of the service, which a platform that runs it may prefer. */
export function servedModel({ name: service, model }: Info): ServedModel {
  const names = new Set<string | undefined>([model.id, service])
  const version = model.version ?? FIRST_VERSION
  return {
    name: model.id,
    version,
    require(c, name = c.req.param('model')) {
      if (name === undefined || !names.has(name)) throw unknown('model has this name')
      const wanted = c.req.param('version')
      if (wanted !== undefined && wanted !== version) throw unknown('version of the model is this')
      return name
    },
  }
}

const unknown = (what: string) => new AppError('not_found', `No ${what}.`)
