import { spawn } from 'node:child_process'
import { once } from 'node:events'

const ESCAPE = '\u001b'

/** What moves the cursor or clears a line; all else only colours, or hides the cursor. */
const CODE = new RegExp(`${ESCAPE}(?:\\[(\\??\\d*(?:;\\d+)*)([A-Za-z])|[78])`, 'y')

/** The lines of a terminal, after what a program has written to it. */
class Screen {
  readonly lines: string[] = ['']
  #column = 0

  write(output: string): void {
    for (let at = 0; at < output.length; ) {
      CODE.lastIndex = at
      const code = CODE.exec(output)
      if (code) this.#obey(code[2], Number(code[1]) || 1)
      else this.#put(output.charAt(at))
      at += code ? code[0].length : 1
    }
  }

  #obey(letter: string | undefined, number: number): void {
    if (letter === 'G') this.#column = number - 1
    if (letter === 'K') this.#replace((line) => line.slice(0, this.#column))
  }

  #put(letter: string): void {
    if (letter === '\r') this.#column = 0
    else if (letter === '\n') this.lines.push('')
    else if (letter >= ' ') {
      const at = this.#column++
      this.#replace((line) => line.slice(0, at).padEnd(at) + letter + line.slice(at + 1))
    }
  }

  #replace(change: (line: string) => string): void {
    this.lines.push(change(this.lines.pop() ?? ''))
  }
}

interface Recording {
  readonly cwd: string
  /** Characters of a line. */
  readonly columns: number
}

/** Runs a command in a terminal. Resolves with what is to be read on it at the end. */
export async function record(
  command: string,
  { cwd, columns }: Recording,
): Promise<readonly string[]> {
  const sized = `stty cols ${columns} rows 40; ${command}`
  const child = spawn('script', ['--quiet', '--command', sized, '/dev/null'], { cwd })
  child.stdin.end()
  const screen = new Screen()
  child.stdout.setEncoding('utf8').on('data', (output: string) => screen.write(output))
  await once(child, 'close')
  return screen.lines.filter((line) => line !== '')
}
