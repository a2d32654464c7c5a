#!/usr/bin/env node
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import manifest from '../package.json' with { type: 'json' }
import { runCommand } from './command.ts'
import { classify } from './commands/classify.ts'
import { predict } from './commands/predict.ts'

const EPILOGUE = `Exit codes: 0 done; 1 failed; 2 wrong use; 3 done, but some rows could not be classified;
130 interrupted, to be resumed.`

await runCommand('polarity', async () => {
  await yargs(hideBin(process.argv))
    .scriptName('polarity')
    .version(manifest.version)
    .command(predict)
    .command(classify)
    .completion('completion', 'Print a script that completes commands and options in bash or zsh')
    .epilogue(EPILOGUE)
    .strict()
    .fail(false)
    .parseAsync()
})
