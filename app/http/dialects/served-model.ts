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
  /** As `require`, of those that a message has; an empty version is none. */
  named(name: string, version: string): string
}

/** It has the name of its weights, and that of the service, which a platform that runs it may prefer. */
export function servedModel({ name: service, model }: Info): ServedModel {
  const names = new Set<string | undefined>([model.id, service])
  const version = model.version ?? FIRST_VERSION
  const known = (name: string | undefined, wanted = version) => {
    if (name === undefined || !names.has(name)) throw unknown('model has this name')
    if (wanted !== version) throw unknown('version of the model is this')
    return name
  }
  return {
    name: model.id,
    version,
    require: (c, name = c.req.param('model')) => known(name, c.req.param('version')),
    named: (name, wanted) => known(name, wanted || undefined),
  }
}

const unknown = (what: string) => new AppError('not_found', `No ${what}.`)
