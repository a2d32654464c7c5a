import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { RUNTIMES, runtimePath } from '../../harness/process.ts'

/** The machine's own Node, if there is one beside that of node_modules. */
function systemNode(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders
    .filter((folder) => !folder.endsWith('node_modules/.bin'))
    .map((folder) => join(folder, 'node'))
    .find((path) => existsSync(path))
}

/** A runtime by name and version. */
export interface Place {
  readonly name: string
  readonly path: string
}

function toPlace(path: string): Place {
  const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim()
  return { name: version.startsWith('v') ? `Node ${version.slice(1)}` : `Bun ${version}`, path }
}

const paths = [...RUNTIMES.map(runtimePath), systemNode()].filter((path) => path !== undefined)

/** What the package runs on: the runtimes that were tested, and the machine's own Node. */
export const PLACES: readonly Place[] = [
  ...new Map(paths.map(toPlace).map((place) => [place.name, place])).values(),
]
