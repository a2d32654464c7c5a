import { execFileSync } from 'node:child_process'
import manifest from '../../package.json' with { type: 'json' }
import type { Source } from './steps.ts'

/** What is built is what is committed. Throws where it would not be. */
export function readSource(): Source {
  const changed = git('status', '--porcelain')
  if (changed)
    throw new Error(`there are uncommitted changes, which no tag would name:\n${changed}`)
  return { revision: git('rev-parse', 'HEAD'), version: manifest.version, url: originUrl() }
}

/** Of a label that everybody can read: without a name or a token. */
function originUrl(): string {
  const remote = git('remote').split('\n').includes('origin')
    ? git('remote', 'get-url', 'origin')
    : ''
  return remote.replace(/^(https?:\/\/)[^/@]*@/, '$1')
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trimEnd()
}
