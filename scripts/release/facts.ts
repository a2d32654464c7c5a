import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { imageFiles, imagesIn } from '../supply/images.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Files that may name a version of the image, which a release must update. */
const IMAGE_FILES = ['README.md', 'docs/**/*.md', 'kustomize/**/*.{md,yaml}', 'compose.yaml']

export interface Facts {
  readonly version: string
  /** Both copies of the version in the lockfile. */
  readonly locked: readonly string[]
  readonly changelog: string
  /** Output of `git status --porcelain`; empty if everything is committed. */
  readonly changes: string
  readonly tags: readonly string[]
  /** Version tags of this project's image, and the file that names each. */
  readonly imageTags: readonly { readonly file: string; readonly tag: string }[]
  /** Images of others that are named by a tag alone, and the file that names each. */
  readonly unpinned: readonly { readonly file: string; readonly name: string }[]
  /** Today, as `YYYY-MM-DD` in UTC. */
  readonly today: string
}

const Manifest = z.object({ version: z.string() })
const Lockfile = Manifest.extend({ packages: z.object({ '': Manifest }) })

/** Reads what the check needs to know about this checkout. */
export function readFacts(): Facts {
  const lockfile = Lockfile.parse(JSON.parse(read('package-lock.json')))
  return {
    version: Manifest.parse(JSON.parse(read('package.json'))).version,
    locked: [lockfile.version, lockfile.packages[''].version],
    changelog: read('CHANGELOG.md'),
    changes: git('status', '--porcelain'),
    tags: git('tag', '--list').split('\n'),
    imageTags: IMAGE_FILES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).flatMap(
      imageTagsIn,
    ),
    unpinned: imageFiles(ROOT).flatMap(unpinnedIn),
    today: new Date().toISOString().slice(0, 10),
  }
}

/** The manual steps of docs/releasing.md, with the version filled in. */
export function readSteps(version: string): string {
  const [, steps = ''] = read('docs/releasing.md').split('\n## By hand\n')
  return steps.trim().replaceAll('X.Y.Z', version)
}

/** `polarity:1.2.3`, `project:1.2.3`, or the `newTag` of `project` in an overlay. */
const IMAGE_TAG =
  /\b(?:(?:polarity|project):|name: project\n(?: .*\n)*? +newTag: "?)v?(\d+\.\d+\.\d+)/g

function imageTagsIn(file: string): Facts['imageTags'] {
  return [...read(file).matchAll(IMAGE_TAG)].map(([, tag = '']) => ({ file, tag }))
}

const unpinnedIn = (file: string): Facts['unpinned'] =>
  imagesIn(read(file))
    .filter(({ digest }) => digest === undefined)
    .map(({ name }) => ({ file, name }))

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trimEnd()
