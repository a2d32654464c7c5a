import type { Argv } from 'yargs'

export const DEFAULT_MODEL = 'sst2-minilm'

/** Of the commands that run a model in this process. */
export const MODEL_OPTIONS = {
  model: {
    type: 'string',
    defaultDescription: DEFAULT_MODEL,
    describe: 'Model, by its id or its folder',
  },
  workers: {
    type: 'number',
    describe: 'Threads that infer (default: the cores that this process may use)',
  },
  'long-texts': {
    choices: ['truncate', 'window'],
    defaultDescription: 'truncate',
    describe: 'Read the beginning of a long text, or its beginning and its end',
  },
} as const

/** Of the commands that may ask a service in its place. */
export const SERVICE_OPTIONS = {
  url: {
    type: 'string',
    describe: 'Ask the service at this address, such as http://localhost:8000',
  },
  key: {
    type: 'string',
    describe: 'API key for it (default: that in the environment as POLARITY_API_KEY)',
  },
  concurrency: {
    type: 'number',
    defaultDescription: '4',
    describe: 'Requests to it under way at once',
  },
  timeout: {
    type: 'number',
    defaultDescription: '120',
    describe: 'Seconds without any answer after which it is given up',
  },
} as const

/** Of the commands whose exit code says whether all rows could be classified. */
export const ALLOW_BAD_ROWS = {
  'allow-bad-rows': {
    type: 'boolean',
    default: false,
    describe: 'End with 0 even if some rows could not be classified',
  },
} as const

/** For a run that is one of several. */
export const SHARD_OPTIONS = {
  shard: {
    type: 'string',
    describe: 'Classify a share of the file, for `polarity join`: 0/4, 1/4, 2/4 or 3/4 of four',
  },
  shards: {
    type: 'number',
    describe: 'The same, with the index in JOB_COMPLETION_INDEX, as an Indexed Job sets it',
  },
} as const

/** Of the commands that count rows. */
export const FACT_FILES = {
  report: { type: 'string', describe: 'File for a page of charts and rows (HTML)' },
  summary: { type: 'string', describe: 'File for the counts, as JSON' },
} as const

/** For the commands that are about one model. */
export const withModel = (args: Argv) =>
  args.positional('model', {
    type: 'string',
    default: DEFAULT_MODEL,
    describe: 'Model, by its id or its folder',
  })
