import { execFileSync } from 'node:child_process'
import manifest from '../../package.json' with { type: 'json' }
import type { Source } from './image.ts'

/** The current commit. Throws if there are uncommitted changes. */
export function readSource(): Source {
  const changed = git('status', '--porcelain')
  if (changed)
    throw new Error(`there are uncommitted changes, which the tag would not include:\n${changed}`)
  return { revision: git('rev-parse', 'HEAD'), version: manifest.version, url: originUrl() }
}

/** The origin's URL without credentials, because the image label is public. */
function originUrl(): string {
  const remote = git('remote').split('\n').includes('origin')
    ? git('remote', 'get-url', 'origin')
    : ''
  return remote.replace(/^(https?:\/\/)[^/@]*@/, '$1')
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trimEnd()
}
