import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import manifest from '../../package.json' with { type: 'json' }

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

const [, ofImage] = read('Containerfile').match(/^ENV GLIBC_TUNABLES=(.+)$/m) ?? []

const Base = z.object({ configMapGenerator: z.array(z.object({ literals: z.array(z.string()) })) })
const ofManifests = Base.parse(parse(read('kustomize/base/kustomization.yaml')))
  .configMapGenerator.flatMap(({ literals }) => literals)
  .find((literal) => literal.startsWith('GLIBC_TUNABLES='))

/** What a script gives the program that it ends in, with something else in place of that program. */
function givenBy(script: string, env: Record<string, string> = {}): string {
  const [, last = ''] = script.match(/(GLIBC_TUNABLES=.*)$/) ?? []
  const shown = last.replace(/(bun|node) \S+$/, 'printenv GLIBC_TUNABLES')
  const options = { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } } as const
  return execFileSync('sh', ['-c', shown], options).trim()
}

const { start, 'start:bun': startBun, 'start:node': startNode, bench } = manifest.scripts
const scripts = Object.entries({ start, startBun, startNode, bench })

describe('what glibc is told', () => {
  it('in the image is to ask for huge pages', () => {
    expect(ofImage).toBe('glibc.malloc.hugetlb=1')
  })

  it('in the manifests is the same as in the image', () => {
    expect(ofManifests).toBe(`GLIBC_TUNABLES=${ofImage}`)
  })

  it.each(scripts)('by npm’s %s is the same as in the image', (_, script) => {
    expect(givenBy(script)).toBe(ofImage)
  })

  it.each(scripts)('by npm’s %s is what is set already, if anything is', (_, script) => {
    expect(givenBy(script, { GLIBC_TUNABLES: 'glibc.malloc.arena_max=1' })).toBe(
      'glibc.malloc.arena_max=1',
    )
  })
})
