import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = join(import.meta.dirname, '../fixtures/azure-cli.json')
/** Of options: other names of one, apart by blanks, stand together. */
interface Command {
  readonly required: readonly string[]
  /** Without one of these it works in some places alone. */
  readonly either: readonly string[]
  readonly options: string
  readonly choices: Readonly<Record<string, string>>
}
const { commands }: { commands: Record<string, Command> } = JSON.parse(readFileSync(FILE, 'utf8'))
const GLOBAL = ['--output', '-o', '--query', '--subscription', '--only-show-errors']

/** What `az` says of a command line that it does not take; undefined if it takes it. */
export function refusalOf(args: readonly string[]): string | undefined {
  const start = args.findIndex((arg) => arg.startsWith('-'))
  const words = start < 0 ? args : args.slice(0, start)
  const command = commands[words.join(' ')]
  if (!command) return `'${words.join(' ')}' is no command that these tests know`
  return problemOf(command, start < 0 ? [] : args.slice(start))
}

function problemOf({ required, either, options, choices }: Command, args: readonly string[]) {
  const given = args.filter((arg) => /^--?[a-z]/.test(arg))
  const known = [...options.split(' '), ...GLOBAL]
  const unknown = given.find((name) => !known.includes(name))
  if (unknown) return `unrecognized arguments: ${unknown}`
  const missing = [...required, ...either].find(
    (names) => !names.split(' ').some((name) => given.includes(name)),
  )
  if (missing) return `the following arguments are required: ${missing.replaceAll(' ', '/')}`
  const empty = required.flatMap((names) => names.split(' ')).find((name) => isEmpty(args, name))
  if (empty) return `argument ${empty}: expected one argument`
  const wrong = Object.entries(choices).find(([name, values]) => isOther(args, name, values))
  return wrong && `${wrong[0]} must be one of ${wrong[1]}`
}

/** Another option, or nothing, stands where its value should. */
function isEmpty(args: readonly string[], name: string): boolean {
  const value = args[args.indexOf(name) + 1]
  return args.includes(name) && (!value || value.startsWith('-'))
}

function isOther(args: readonly string[], name: string, values: string): boolean {
  const value = args[args.indexOf(name) + 1]?.toLowerCase() ?? ''
  return args.includes(name) && !values.toLowerCase().split(' ').includes(value)
}
