import type { ModelLocation } from './catalog.ts'
import { ModelError } from './model-error.ts'
import { type ModelInfo, readModelInfo } from './model-info.ts'
import { openWarmSession } from './session.ts'
import { whyNotPinned } from './verify.ts'

const SENTENCES = ['I hate you.', 'I love you.']

interface CheckOptions {
  /** Whether the files must be what the catalog says. */
  readonly verify: boolean
  readonly say: (line: string) => void
}

/** Verifies every file of a model, makes the service's own checks at start, and says what it found. Throws a `ModelError`. */
export async function check(
  location: ModelLocation,
  { verify, say }: CheckOptions,
): Promise<ModelInfo> {
  const model = await readModelInfo(location)
  for (const [file, { bytes, sha256 }] of Object.entries(model.files)) {
    say(`${file}: ${bytes} bytes, sha256 ${sha256}`)
  }
  say(`digest ${model.digest}`)
  if (!location.entry?.files) say('The catalog pins no files of this model: they are not verified.')
  const difference = verify ? whyNotPinned(location.entry, model) : undefined
  if (difference) throw new ModelError(difference)
  checkLabels(model)
  await runOnce(model, say)
  return model
}

function checkLabels({ labels }: ModelInfo): void {
  if (labels.length > 1 && !labels.some((label) => /^LABEL_\d+$/.test(label))) return
  throw new ModelError(`config.json names no labels (${labels.join(', ') || 'none'})`)
}

async function runOnce(model: ModelInfo, say: CheckOptions['say']): Promise<void> {
  const { classify, numerics, selfTestDifference } = await openWarmSession(model)
  const texts = model.selfTest.length
  say(`numerics class ${numerics}`)
  say(
    texts > 0
      ? `self-test: ${texts} texts, scores differ by ${selfTestDifference.toPrecision(2)} at most`
      : 'self-test: the folder has no self-test.jsonl',
  )
  const { scores } = await classify(SENTENCES)
  for (const [i, sentence] of SENTENCES.entries()) {
    const row = scores[i] ?? []
    const named = row.map((score, label) => `${model.labels[label]} ${score.toFixed(6)}`)
    say(`"${sentence}" ${named.join(', ')}`)
  }
}
