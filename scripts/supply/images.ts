import { globSync } from 'node:fs'

/** Files that name images of others. */
const FILES = ['Containerfile', 'compose.yaml', 'kustomize/**/*.yaml']

/** An image of others with its tag, and its digest where it is pinned. */
export interface Image {
  /** `docker.io/library/node:24.21.0-trixie-slim` */
  readonly name: string
  /** `sha256:` and 64 hex digits. */
  readonly digest: string | undefined
}

/** A registry's host has a dot; this project's own image has none. */
const IMAGE =
  /(?<=(?:^FROM (?:--platform=\S+ )?|^\s*(?:- )?image: ))([a-z\d]+(?:\.[a-z\d]+)+\/[\w./-]+:[\w.-]+)(?:@(sha256:[\da-f]{64}))?/gm

/** The files of a checkout that may name such images. */
export const imageFiles = (root: string): readonly string[] =>
  FILES.flatMap((pattern) => globSync(pattern, { cwd: root })).sort()

export const imagesIn = (text: string): readonly Image[] =>
  [...text.matchAll(IMAGE)].map(([, name = '', digest]) => ({ name, digest }))

/** The same text with other digests. */
export const withDigests = (text: string, digestOf: (name: string) => string): string =>
  text.replace(IMAGE, (_, name: string) => `${name}@${digestOf(name)}`)
