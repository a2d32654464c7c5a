import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ModelError } from './model-error.ts'

const FILE = 'README.md'
const FRONT_MATTER = /^---\n(?<lines>.*?)\n---\n/s
const PICTURE = /\]\((?<name>[\w-]+\.svg)\)/g

const score = z.number().min(0).max(1)

const Meta = z.object({
  /** Scores of the last of two labels between which an answer is unsure. */
  unsure: z
    .tuple([score, score])
    .refine(([from, to]) => from < to)
    .nullable()
    .default(null),
  /** What the model is for and what not, in one sentence for whoever tries it. */
  limits: z.string().nullable().default(null),
})

/** What a model's folder says of it for people, and of that what programs need. */
export interface ModelCard extends z.infer<typeof Meta> {
  readonly markdown: string
  /** SVG by the name that the card has for it. */
  readonly pictures: ReadonlyMap<string, string>
}

/**
 * The card in a model's folder, a `README.md` as on Hugging Face; `undefined` where it has none. Throws a
 * `ModelError` for a line that programs read and that makes no sense.
 */
export async function readModelCard(folder: string): Promise<ModelCard | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const meta = Meta.safeParse(fieldsOf(FRONT_MATTER.exec(text)?.groups?.lines ?? ''))
  if (!meta.success) {
    const [issue] = meta.error.issues
    throw new ModelError(`${FILE}: ${issue?.path[0]?.toString()}: ${issue?.message}`)
  }
  const markdown = text.replace(FRONT_MATTER, '')
  return { ...meta.data, markdown, pictures: await readPictures(folder, markdown) }
}

/** The fields of one line each, which are all that is read of the YAML. */
function fieldsOf(lines: string): Record<string, unknown> {
  const fields = lines.split('\n').map((line) => /^(\w+): +(.+)$/.exec(line))
  return Object.fromEntries(
    fields.flatMap((field) => (field ? [[field[1] ?? '', toValue(field[2] ?? '')]] : [])),
  )
}

const toValue = (text: string): unknown => (text.startsWith('[') ? parseList(text) : text)

function parseList(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function readPictures(folder: string, markdown: string): Promise<Map<string, string>> {
  const names = [...markdown.matchAll(PICTURE)].map(({ groups }) => groups?.name ?? '')
  const pictures = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(join(folder, name), 'utf8').catch(() => undefined)
      return svg === undefined ? [] : [[name, svg] as const]
    }),
  )
  return new Map(pictures.flat())
}
