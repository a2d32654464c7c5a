import { existsSync, statSync } from 'node:fs'
import { isTypo } from '../app/near-miss.ts'

/** Commands whose names are long enough that one edit is no other word. */
const COMMANDS = ['classify', 'serve', 'check', 'cache', 'parity', 'predict', 'completion']

/** Says on standard error what was probably meant, if not texts. */
export function hint(texts: readonly string[]): void {
  const meant = commandHint(texts) ?? fileHint(texts)
  if (meant) process.stderr.write(`polarity: ${meant}\n`)
}

/** For somebody who wrote the name of a command wrong, so that it was read as a text. */
export function commandHint([first = '']: readonly string[]): string | undefined {
  const meant = COMMANDS.find((name) => name !== first && isTypo(first, name))
  return meant && `"${first}" is read as a text: the command is ${meant}`
}

/** For somebody who named a file where texts are read. */
export function fileHint(texts: readonly string[]): string | undefined {
  const file = texts.find((text) => existsSync(text) && statSync(text).isFile())
  return file && `"${file}" is read as a text: \`polarity classify ${file}\` reads the file`
}
