import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')
/** Programs of a control plane. */
const PROGRAMS = join(ROOT, 'node_modules/.cache/control-plane')
const NAMES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl']
/** Custom resource definitions as published, among other schemas. */
export const PUBLISHED = join(ROOT, 'node_modules/.cache/manifests/api')

/** As whoever installs the chart has it. */
export const HELM = join(ROOT, 'node_modules/.cache/manifests/helm')

export const programOf = (name: string): string => join(PROGRAMS, name)

/** The commands that build what is missing. */
export function missing(): string[] {
  const isBuilt = NAMES.every((name) => existsSync(programOf(name)))
  return [
    ...(isBuilt ? [] : ['bash scripts/build-control-plane.sh']),
    ...([PUBLISHED, HELM].every(existsSync) ? [] : ['bash scripts/build-manifest-tools.sh']),
  ]
}
