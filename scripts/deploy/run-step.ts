import { spawn, spawnSync } from 'node:child_process'
import { commandOf, type Known, nothingKnown, type Step } from './step.ts'

/** Prints the steps as a shell would take them, and the manifests that they send; runs none. */
export function showSteps(steps: readonly Step[]): void {
  const known = nothingKnown()
  for (const step of steps) {
    print(`$ ${conditionOf(step)}${quoted(commandOf(step, known))}${commentOf(step)}`)
    const isConditional = step.unless ?? step.only
    const text = isConditional ? undefined : step.input?.text(known)
    if (text) print(text.replace(/^(?=.)/gm, '    '))
  }
}

const conditionOf = ({ unless }: Step) => (unless ? `${quoted(unless)} || ` : '')

function commentOf({ input, only }: Step): string {
  const notes = [input && `from: ${input.name}`, only && `if ${only.if}`].filter(Boolean)
  return notes.length > 0 ? ` # ${notes.join('; ')}` : ''
}

/** Throws an error that says what to do if the command fails. */
export async function runStep(step: Step, known: Known): Promise<void> {
  if (isSkipped(step, known)) return
  const { input, take, hint, partial } = step
  const command = commandOf(step, known)
  print(`$ ${quoted(command)}`)
  const { output, status } = await run(command, {
    input: input?.text(known),
    capture: take !== undefined,
    echo: step.echo ?? !take,
  })
  if (status !== 0 && !(partial && output))
    throw new Error(`exited with ${status}; ${hint ?? 'the previous version keeps running'}`)
  take?.(output, known)
}

const isSkipped = ({ unless, only }: Step, known: Known) =>
  (only && !only.holds(known)) ||
  (unless && spawnSync(...callOf(unless), { stdio: 'ignore' }).status === 0)

interface Io {
  readonly input: string | undefined
  readonly capture: boolean
  readonly echo: boolean
}

function run(command: readonly string[], { input, capture, echo }: Io) {
  return new Promise<{ output: string; status: number | null }>((resolve, reject) => {
    const stdin = input === undefined ? 'inherit' : 'pipe'
    const child = spawn(...callOf(command), {
      stdio: [stdin, capture ? 'pipe' : 'inherit', 'inherit'],
    })
    const parts: Buffer[] = []
    child.stdout?.on('data', (part: Buffer) => {
      parts.push(part)
      if (echo) process.stdout.write(part)
    })
    child.on('error', (cause) =>
      reject(new Error(`${command[0]} can't be started: ${cause.message}`, { cause })),
    )
    child.on('close', (status) => resolve({ output: Buffer.concat(parts).toString(), status }))
    // A program that ends without reading says why by its status.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

const callOf = ([file = '', ...args]: readonly string[]): [string, string[]] => [file, args]

/** As typed in a shell. */
const quoted = (command: readonly string[]) =>
  command.map((word) => (/^[\w./:=@,-]+$/.test(word) ? word : `'${word}'`)).join(' ')

export const print = (text: string): void => void process.stdout.write(`${text}\n`)
