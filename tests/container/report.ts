/** A line per check, and the number of passed checks. */
export class Report {
  #passed = 0
  #failed = 0

  /** Prints the count and sets the exit code. An error that stops all checks counts as one failure. */
  static async of(look: (report: Report) => Promise<void>): Promise<void> {
    const report = new Report()
    await look(report).catch((error) => report.check('the rest', () => Promise.reject(error)))
    say(`${report.#passed} passed, ${report.#failed} failed`)
    process.exitCode = report.#failed === 0 && report.#passed > 0 ? 0 : 1
  }

  /** Never throws, so that a failed check does not stop the next. */
  async check(name: string, look: () => unknown): Promise<void> {
    try {
      const seen = await look()
      this.#passed++
      say(`ok     ${name}${typeof seen === 'string' ? `: ${seen}` : ''}`)
    } catch (error) {
      this.#failed++
      say(`not ok ${name}: ${error instanceof Error ? error.message : error}`)
    }
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`)
