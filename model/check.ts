import { isDeepStrictEqual } from 'node:util'
import type { CatalogEntry, Place } from './catalog.ts'
import { loadModel, type Model } from './load.ts'
import { ModelError } from './model-error.ts'
import { openSession } from './session.ts'

const SENTENCES = ['I hate you.', 'I love you.']

interface CheckOptions {
  /** Whether the files must be what the catalog says. */
  readonly verify: boolean
  readonly say: (line: string) => void
}

/** Verifies every file of a model, runs it once, and says what it found. Throws a `ModelError`. */
export async function check(place: Place, { verify, say }: CheckOptions): Promise<Model> {
  const model = await loadModel(place)
  for (const [file, { bytes, sha256 }] of Object.entries(model.files)) {
    say(`${file}: ${bytes} bytes, sha256 ${sha256}`)
  }
  say(`digest ${model.digest}`)
  if (!place.entry?.files) say('The catalog pins no files of this model: they are not verified.')
  else if (verify) verifyAgainst(place.entry, model)
  checkLabels(model)
  await runOnce(model, say)
  return model
}

function verifyAgainst({ files, digest }: CatalogEntry, model: Model): void {
  for (const [file, expected] of Object.entries(files ?? {})) {
    if (isDeepStrictEqual(model.files[file], expected)) continue
    throw new ModelError(`${file} is not what the catalog has: sha256 ${expected.sha256}`)
  }
  if (digest !== model.digest) throw new ModelError(`the digest is not the catalog's: ${digest}`)
}

function checkLabels({ labels }: Model): void {
  if (labels.length > 1 && !labels.some((label) => /^LABEL_\d+$/.test(label))) return
  throw new ModelError(`config.json names no labels (${labels.join(', ') || 'none'})`)
}

async function runOnce(model: Model, say: CheckOptions['say']): Promise<void> {
  const classify = await openSession(model)
  const { scores } = await classify(SENTENCES)
  for (const [i, sentence] of SENTENCES.entries()) {
    const row = scores[i] ?? []
    if (row.length !== model.labels.length) {
      throw new ModelError(
        `the weights have ${row.length} outputs for ${model.labels.length} labels`,
      )
    }
    const named = row.map((score, label) => `${model.labels[label]} ${score.toFixed(6)}`)
    say(`"${sentence}" ${named.join(', ')}`)
  }
}
