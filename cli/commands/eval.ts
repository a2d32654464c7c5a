import { demandCheckout, IN_CHECKOUT } from '../checkout.ts'
import { UsageError } from '../command.ts'
import { defineCommand } from '../define-command.ts'

/** `polarity eval FILE...`: how good a model is. */
export const evaluate = defineCommand({
  command: 'eval [files..]',
  describe: 'Measure a model on texts whose labels are known',
  builder: (args) =>
    args
      .positional('files', {
        type: 'string',
        array: true,
        default: [],
        describe:
          'Lines of "text<TAB>label" (a class id or the name of a label; a first line without one is a header)',
      })
      .options({
        model: {
          type: 'string',
          default: 'sst2-minilm',
          describe: 'Model, by its id or its folder',
        },
        neutral: {
          type: 'string',
          describe:
            'Texts without an opinion, one a line: how many get a score above 0.9, and how well the score tells them from those of the files',
        },
        checks: {
          type: 'boolean',
          default: false,
          describe: '428 short texts by capability, and what names of groups of people change',
        },
        explain: {
          type: 'string',
          describe:
            'Trees of the Stanford Sentiment Treebank, one a line: how true explanations are to the model, and how like those of people',
        },
        'long-texts': {
          choices: ['truncate', 'window'],
          default: 'truncate',
          describe: 'Read long texts as LONG_TEXTS=window does',
        },
        json: { type: 'string', describe: 'File for all figures, and the checks that failed' },
        picture: {
          type: 'string',
          hidden: !IN_CHECKOUT,
          describe: 'File for the reliability diagram and histograms of the scores, as SVG',
        },
      } as const)
      .epilogue(
        'Prints accuracy with its standard error, expected calibration error over 15 bins, area under the ROC curve, and how many of the errors have a score above 0.9.',
      ),
  async handler({ files, ...options }) {
    if (files.length === 0 && !options.checks && !options.explain)
      throw new UsageError('which file?')
    if (options.picture) demandCheckout('--picture')
    const { runEvaluation } = await import('../evaluation.ts')
    await runEvaluation(files, options)
  },
})
