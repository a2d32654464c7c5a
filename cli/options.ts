import type { Argv } from 'yargs'

/** Of the commands that run a model in this process. */
export const MODEL_OPTIONS = {
  model: {
    type: 'string',
    default: 'sst2-minilm',
    describe: 'Model, by its id or its folder',
  },
  workers: {
    type: 'number',
    describe: 'Threads that infer (default: the cores that this process may use)',
  },
  'long-texts': {
    choices: ['truncate', 'window'],
    default: 'truncate',
    describe: 'Read the beginning of a long text, or its beginning and its end',
  },
} as const

/** For the commands that are about one model. */
export const withModel = (args: Argv) =>
  args.positional('model', {
    type: 'string',
    default: 'sst2-minilm',
    describe: 'Model, by its id or its folder',
  })
