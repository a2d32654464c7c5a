/** A test that failed. */
export interface Failure {
  /** Its file and its name. */
  readonly test: string
  /** What its error says: some lines, so that a seed or a counterexample is among them. */
  readonly message: string
}

const MAX_LINES = 12

/** With content: one without has not failed. */
const TEST_CASE = /<testcase\b([^>]*[^>/])>(.*?)<\/testcase>/gs

/** The tests that failed according to a JUnit XML report. */
export function failuresOf(report: string): Failure[] {
  return [...report.matchAll(TEST_CASE)].flatMap(([, test = '', content = '']) => {
    const failure = /<(?:failure|error)\b([^>]*)/.exec(content)?.[1]
    if (failure === undefined) return []
    const names = ['file', 'classname', 'name'].map((name) => attribute(test, name))
    return {
      test: names.filter(Boolean).join(': '),
      message: attribute(failure, 'message').split('\n').slice(0, MAX_LINES).join('\n'),
    }
  })
}

const attribute = (tag: string, name: string) =>
  unescapeXml(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
  '#10': '\n',
}

const unescapeXml = (text: string) =>
  text.replace(/&([#\w]+);/g, (entity, name) => ENTITIES[name] ?? entity)
