import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { ROOT, runKustomize } from './rendered.ts'

/** What a folder renders to in a copy of the manifests with these files, by path. */
export function renderChanged(folder: string, files: Readonly<Record<string, string>>): string {
  const copy = mkdtempSync(join(tmpdir(), 'polarity-manifests-'))
  try {
    for (const part of ['kustomize', 'observability', 'tests/kustomize']) {
      cpSync(join(ROOT, part), join(copy, part), { recursive: true })
    }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      writeFileSync(join(copy, file), text)
    }
    return runKustomize(join(copy, folder))
  } finally {
    rmSync(copy, { recursive: true })
  }
}

/** The base with components, as an overlay of one's own would have them. */
export function compose(components: readonly string[]): string {
  const kustomization = {
    namespace: 'polarity',
    images: [{ name: 'project', newTag: 'test' }],
    resources: ['../../base'],
    components: components.map((name) => `../../components/${name}`),
  }
  const folder = 'kustomize/overlays/composed'
  return renderChanged(folder, { [`${folder}/kustomization.yaml`]: stringify(kustomization) })
}
