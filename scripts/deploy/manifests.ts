import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { type Manifests, readManifests } from './overlay.ts'

const ROOT = join(import.meta.dirname, '../..')
const BUILT = join(ROOT, 'node_modules/.cache/manifests/kustomize')

/** What renders an overlay, by falling preference: kubectl sends the result in any case. */
const RENDERERS = [
  ['kubectl', 'kustomize'],
  [existsSync(BUILT) ? BUILT : 'kustomize', 'build'],
] as const

const Kustomization = z.looseObject({
  images: z.array(z.looseObject({ name: z.string() })),
  configMapGenerator: z
    .array(z.looseObject({ name: z.string(), literals: z.array(z.string()).default([]) }))
    .default([]),
})

/** Renders an overlay with another image tag, in a copy: the checkout is not modified. */
export function renderManifests(overlay: string, tag: string): Manifests {
  const copy = mkdtempSync(join(tmpdir(), 'polarity-deploy-'))
  try {
    for (const folder of ['kustomize', 'observability']) {
      cpSync(join(ROOT, folder), join(copy, folder), { recursive: true })
    }
    const folder = join(copy, overlay)
    setTag(join(folder, 'kustomization.yaml'), tag)
    return readManifests(render(folder))
  } finally {
    rmSync(copy, { recursive: true })
  }
}

/** The image gets the tag in place of a digest, and the literal `version` of `place` its label. */
function setTag(file: string, tag: string): void {
  const { images, configMapGenerator, ...rest } = Kustomization.parse(
    parse(readFileSync(file, 'utf8')),
  )
  const tagged = images.map((image) =>
    image.name === 'project' ? { ...image, newTag: tag, digest: undefined } : image,
  )
  const labelled = configMapGenerator.map((map) => ({
    ...map,
    literals: map.literals.map((literal) =>
      map.name === 'place' ? literal.replace(/^version=.*/, `version=${toLabel(tag)}`) : literal,
    ),
  }))
  writeFileSync(file, stringify({ ...rest, images: tagged, configMapGenerator: labelled }))
}

/**
 * A tag may be longer than a label, and begin or end with a sign. kustomize writes a label without
 * quotes, so one that YAML would read as a number gets a letter before it.
 */
function toLabel(tag: string): string {
  const label = tag.slice(0, 62).replace(/^[_.-]+|[_.-]+$/g, '')
  const isText = (['1.1', '1.2'] as const).every(
    (version) => typeof parse(label, { version }) === 'string',
  )
  return isText ? label : `v${label}`
}

function render(folder: string): string {
  for (const [program, command] of RENDERERS) {
    const options = { encoding: 'utf8', maxBuffer: 64 * 2 ** 20 } as const
    const { error, status, stdout, stderr } = spawnSync(program, [command, folder], options)
    if (error) continue // It is not on this machine.
    if (status !== 0) throw new Error(`${program} ${command} ${folder}: ${stderr}`)
    return stdout
  }
  throw new Error('neither kubectl nor kustomize is on this machine; kubectl is enough')
}
