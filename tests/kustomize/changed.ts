import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
