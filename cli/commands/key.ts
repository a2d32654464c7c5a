import { createHash, randomBytes } from 'node:crypto'
import { KEY_PREFIX, whyNoName } from '../../app/key-file.ts'
import { addToKeyFile } from '../add-to-key-file.ts'
import { say, UsageError } from '../command.ts'
import { defineCommand } from '../define-command.ts'

/** `polarity key NAME`: a new API key. */
export const key = defineCommand({
  command: 'key <name>',
  describe: 'Make an API key of 256 random bits, and show it this once: it is stored nowhere',
  builder: (args) =>
    args
      .positional('name', { type: 'string', demandOption: true, describe: 'Whose key it is' })
      .options({
        file: {
          type: 'string',
          describe: 'Add the line to this file, in one step; a new file is its owner’s alone',
        },
        rotate: {
          type: 'boolean',
          default: false,
          describe: 'The name has a key in the file, which stays until its line is removed',
        },
      } as const)
      .epilogue(
        'The line "NAME DIGEST" below the key is for the file that API_KEYS_FILE names; its digest alone can be an item of API_KEYS.',
      ),
  async handler({ name, file, rotate }) {
    const reason = whyNoName(name)
    if (reason) throw new UsageError(`the name ${reason}`)
    if (rotate && file === undefined) throw new UsageError('--rotate needs --file')

    const secret = KEY_PREFIX + randomBytes(32).toString('base64url')
    const digest = createHash('sha256').update(secret).digest('hex')
    // Before the key is shown: nobody is to hand out one that is not in the file.
    if (file !== undefined) {
      await addToKeyFile(file, { name, digest }, { rotate })
      explain(`Added to ${file}.`)
    }
    explain(`The key of ${name}, shown only now:`)
    say(secret)
    explain('Its line for API_KEYS_FILE:')
    say(`${name} ${digest}`)
  },
})

/** To standard error, so that standard output has the key and its line alone. */
function explain(text: string): void {
  process.stderr.write(`${text}\n`)
}
