import { readFile } from 'node:fs/promises'
import { ModelError } from '../model-error.ts'

/** A word of a sentence, and what people say of it: 0 very negative, 2 neutral, 4 very positive. */
interface Leaf {
  /** In UTF-16 code units. */
  readonly from: number
  readonly to: number
  readonly level: number
}

/** A sentence as the Stanford Sentiment Treebank labels it: as a whole, and word by word. */
export interface Tree {
  readonly text: string
  readonly level: number
  readonly leaves: readonly Leaf[]
}

const NEUTRAL = 2
/** As the treebank writes what has a meaning in its own notation. */
const WRITTEN: Record<string, string> = { '-LRB-': '(', '-RRB-': ')', '``': '"', "''": '"' }
const LEAF = /\((\d) ([^()\s]+)\)/g

/** The sentences of a file of trees, `(3 (2 a) (4 good))` on a line, that people don't call neutral. Throws a `ModelError` if it has none. */
export async function readTrees(file: string): Promise<Tree[]> {
  const contents = await readFile(file, 'utf8').catch((cause) => {
    throw new ModelError(`${file} can't be read`, { cause })
  })
  const trees = contents.split('\n').flatMap(toTree)
  if (trees.length === 0) throw new ModelError(`${file} has no lines like (3 (2 a) (4 good))`)
  return trees.filter(({ level }) => level !== NEUTRAL)
}

function toTree(line: string): Tree[] {
  const leaves: Leaf[] = []
  let text = ''
  for (const [, level = '', word = ''] of line.matchAll(LEAF)) {
    if (text !== '') text += ' '
    const from = text.length
    text += WRITTEN[word] ?? word.replaceAll('\\', '')
    leaves.push({ from, to: text.length, level: Number(level) })
  }
  const level = Number(/^\((\d) /.exec(line)?.[1] ?? NEUTRAL)
  return leaves.length > 0 ? [{ text, level, leaves }] : []
}
