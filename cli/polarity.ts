#!/usr/bin/env node
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import manifest from '../package.json' with { type: 'json' }
import { forMakers } from './checkout.ts'
import { runCommand, UsageError } from './command.ts'
import { cache } from './commands/cache.ts'
import { check } from './commands/check.ts'
import { classify } from './commands/classify.ts'
import { evaluate } from './commands/eval.ts'
import { info } from './commands/info.ts'
import { join } from './commands/join.ts'
import { key } from './commands/key.ts'
import { parity } from './commands/parity.ts'
import { predict } from './commands/predict.ts'
import { pull } from './commands/pull.ts'
import { serve } from './commands/serve.ts'
import { commandHint } from './hint.ts'

const EPILOGUE = `Exit codes: 0 done; 1 failed; 2 wrong use; 3 done, but some rows could not be classified; 130 interrupted, to be resumed.`

const args = hideBin(process.argv)

await runCommand('polarity', async () => {
  await yargs(args)
    .scriptName('polarity')
    .version(manifest.version)
    // All other messages are English, whatever LANG says.
    .detectLocale(false)
    .command(predict)
    .command(classify)
    .command(join)
    .command(serve)
    .command(info)
    .command(key)
    .command(forMakers('pull', pull))
    .command(check)
    .command(evaluate)
    .command(forMakers('parity', parity))
    .command(cache)
    .completion('completion', 'Print a script that completes commands and options in bash or zsh')
    .epilogue(EPILOGUE)
    .strict()
    .fail((message, error: Error | undefined) => {
      throw error ?? new UsageError(explain(message))
    })
    .parseAsync()
})

/** What the parser says, in one line, and where to look. */
function explain(message: string): string {
  const line = message
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/^Not enough non-option arguments.*/, 'an argument is missing')
  return `${line}; ${commandHint(args) ?? '--help shows what there is'}`
}
