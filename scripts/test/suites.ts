import { join } from 'node:path'

/** A run of one test runner. */
export interface Suite {
  readonly name: string
  /** In `node_modules/.bin`. */
  readonly program: string
  /** The arguments, given the path of the JUnit XML report that it must write. */
  readonly args: (report: string) => readonly string[]
}

const ROOT = join(import.meta.dirname, '../..')

export const programPath = (name: string): string => join(ROOT, 'node_modules/.bin', name)

function vitest(project: string, workers: number): Pick<Suite, 'program' | 'args'> {
  return {
    program: 'vitest',
    args: (report) => [
      'run',
      `--project=${project}`,
      `--maxWorkers=${workers}`,
      '--reporter=default',
      '--reporter=junit',
      `--outputFile.junit=${report}`,
    ],
  }
}

/** More than cores: end-to-end tests mostly wait for the processes that they start. */
const END_TO_END_WORKERS = 4

/** In-process tests run on both runners; tests that start processes run once. */
export const SUITES = {
  unit: [
    { name: 'unit on Node', ...vitest('unit', 2) },
    {
      name: 'unit on Bun',
      program: 'bun',
      args: (report) => [
        'test',
        '--timeout=60000',
        '--parallel=2',
        '--reporter=junit',
        `--reporter-outfile=${report}`,
      ],
    },
  ],
  e2e: [{ name: 'end to end', ...vitest('e2e', END_TO_END_WORKERS) }],
} as const satisfies Record<string, readonly Suite[]>
