import { FORMATS } from '../bulk/source.ts'
import { defineCommand } from '../define-command.ts'
import {
  ALLOW_BAD_ROWS,
  FACT_FILES,
  MODEL_OPTIONS,
  SERVICE_OPTIONS,
  SHARD_OPTIONS,
} from '../options.ts'

/** How rows are read and written. */
const TABLE_OPTIONS = {
  column: { type: 'string', describe: 'Column that holds the texts, by name or number' },
  from: { choices: FORMATS, describe: "Format of the file (default: by the file's name)" },
  delimiter: { type: 'string', describe: 'Between the cells of a table' },
  out: {
    type: 'string',
    default: '-',
    describe: 'File to write, or folder for a file of each name (default: standard output)',
  },
  to: {
    choices: ['csv', 'tsv', 'jsonl', 'lines'],
    describe: 'Format to write (default: that of the file)',
  },
  rejects: {
    type: 'string',
    describe:
      'File for the rows that can’t be classified, as JSON Lines (default: among the others, with an error)',
  },
  prefix: { type: 'string', default: '', describe: 'In front of the names of new columns' },
  'max-chars': {
    type: 'number',
    defaultDescription: '20,000, or what the service takes',
    describe: 'Characters of a text at most',
  },
  'safe-cells': {
    type: 'boolean',
    default: false,
    describe: 'Make cells harmless that a spreadsheet would run as formulas',
  },
} as const

/** `polarity classify FILE...`: the rows of files, with their labels. */
export const classify = defineCommand({
  command: 'classify [files..]',
  describe: 'Classify the rows of files, or of standard input',
  builder: (args) =>
    args
      .positional('files', {
        type: 'string',
        array: true,
        default: ['-'],
        describe: 'CSV, TSV, JSON Lines, Parquet or plain lines; also gzip',
      })
      .options(MODEL_OPTIONS)
      .options(SERVICE_OPTIONS)
      .options(FACT_FILES)
      .options({
        ...TABLE_OPTIONS,
        resume: { type: 'boolean', default: false, describe: 'Go on where an earlier run stopped' },
        by: {
          type: 'string',
          array: true,
          nargs: 1,
          default: [],
          describe: 'Column whose values or dates are told apart in summary and report',
        },
        ...ALLOW_BAD_ROWS,
        ...SHARD_OPTIONS,
      } as const),
  handler: async (options) => {
    // Loads the model's libraries, which `--help` need not wait for.
    const { runClassify } = await import('../bulk/run-classify.ts')
    await runClassify({ ...options, jobIndex: process.env.JOB_COMPLETION_INDEX })
  },
})
