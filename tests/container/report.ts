/** What was looked at, a line for each, and how much of it was as it should be. */
export class Report {
  #passed = 0
  #failed = 0

  /** Says the count in the end, and sets the exit code. What stops everything counts as one failure. */
  static async of(look: (report: Report) => Promise<void>): Promise<void> {
    const report = new Report()
    await look(report).catch((error) => report.check('the rest', () => Promise.reject(error)))
    say(`${report.#passed} passed, ${report.#failed} failed`)
    process.exitCode = report.#failed === 0 && report.#passed > 0 ? 0 : 1
  }

  /** Never throws: what is wrong with one thing hides nothing of the next. */
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
