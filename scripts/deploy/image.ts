import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entryOf, loadCatalog } from '../../model/catalog.ts'
import type { Manifests } from './overlay.ts'
import type { Known, Step } from './step.ts'

export interface Source {
  /** The full hash of the commit. */
  readonly revision: string
  readonly version: string
  readonly url: string
}

export interface BuildOptions {
  readonly engine: string
  readonly platform: string
  /** Also a model that the catalog does not lock. */
  readonly unlocked: boolean
}

/**
 * Builds the image and pushes it. Throws if the catalog does not lock the model: then a build takes what
 * the hub has that day, and no two builds need be the same.
 */
export async function imageSteps(
  to: Manifests,
  from: Source,
  { engine, platform, unlocked }: BuildOptions,
): Promise<Step[]> {
  const { digest } = await lockedEntry(to.model, unlocked)
  if (to.shadow) await lockedEntry(to.shadow, unlocked)
  // The build fails if the model's digest is another one.
  const args = {
    ...{ MODEL: to.model, SOURCE: from.url, REVISION: from.revision, VERSION: from.version },
    MODEL_DIGEST: digest ?? '',
    ...(to.shadow && { SHADOW_MODEL: to.shadow }),
  }
  const build = [engine, 'build', '--file', 'Containerfile', '--platform', platform]
  const labels = Object.entries(args).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ])
  return [
    ...loginSteps(to.image),
    { command: [...build, ...labels, '--tag', to.image, '.'] },
    pushStep(engine, to.image),
  ]
}

async function lockedEntry(model: string, unlocked: boolean) {
  const entry = entryOf(await loadCatalog(), model)
  const { pull, revision, digest } = entry
  const isLocked = digest !== null && (pull === null || (revision !== null && pull.locked !== null))
  if (isLocked || unlocked) return entry
  throw new Error(
    `the catalog does not lock ${model}: lock it as model/README.md says (model:pull --lock, export, model:check --lock) and commit, or say --unlocked`,
  )
}

/** Azure's registries need a login that lasts for some hours; another registry's is the caller's own matter. */
function loginSteps(image: string): Step[] {
  const [, registry] = /^([a-z\d]+)\.azurecr\./.exec(image) ?? []
  return registry ? [{ command: ['az', 'acr', 'login', '--name', registry] }] : []
}

/**
 * The digest is what the push itself says: an engine's own record may be of the image as it lies here,
 * before its layers were compressed.
 */
function pushStep(engine: string, image: string): Step {
  if (!/(^|\/)podman$/.test(engine)) {
    const take = (output: string, known: Known) => {
      known.digest = digestIn(output)
    }
    return { command: [engine, 'push', image], take, echo: true }
  }
  // Not /dev/stdout: what its output comes through here is a socket, which podman can't open.
  const file = join(tmpdir(), `polarity-digest-${randomUUID()}`)
  return {
    command: [engine, 'push', '--digestfile', file, image],
    take: (_, known) => {
      known.digest = digestIn(readFileSync(file, 'utf8'))
      rmSync(file)
    },
    echo: true,
  }
}

function digestIn(output: string): string {
  const [, digest] = /(?:digest: |^)(sha256:[0-9a-f]{64})\b/m.exec(output) ?? []
  if (digest) return digest
  throw new Error(
    'the push named no digest; if docker is podman here, say --engine podman; the previous version keeps running',
  )
}

/**
 * Finds the digest of an image that has run here before. Of another one only the tag is known, and a tag
 * may have been moved.
 */
export function digestStep(kubectl: readonly string[], { namespace, image }: Manifests): Step {
  const list = ['get', 'replicasets', '--output', 'jsonpath={..image}']
  return {
    command: [...kubectl, '--namespace', namespace, ...list],
    take: (output, known: Known) => {
      const [, digest] =
        output
          .split(/\s+/)
          .map((word) => word.split(`${image}@`))
          .find(isPinned) ?? []
      known.digest = digest
    },
  }
}

/** An image with its tag, apart from its digest. */
const isPinned = ([before, digest]: readonly string[]) => before === '' && digest !== undefined
