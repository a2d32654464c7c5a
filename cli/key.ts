import { createHash, randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { KEY_PREFIX, whyNoName } from '../app/key-file.ts'
import { addToKeyFile } from './add-to-key-file.ts'
import { runCommand, say, UsageError } from './command.ts'

const HELP = `npm run key -- NAME [--file FILE] [--rotate]

Makes an API key of 256 random bits, and shows it this once: it is stored nowhere. The line "NAME DIGEST"
below it is for the file that API_KEYS_FILE names; its digest alone can be an item of API_KEYS.
  --file    adds the line to FILE, in one step; a new file is its owner's alone
  --rotate  NAME has a key in FILE, which stays until its line is removed`

await runCommand('key', async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      file: { type: 'string' },
      rotate: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(HELP)
  const [name, ...others] = positionals
  if (!name || others.length > 0) throw new UsageError(`one name, please\n\n${HELP}`)
  const reason = whyNoName(name)
  if (reason) throw new UsageError(`the name ${reason}`)
  if (values.rotate && !values.file) throw new UsageError('--rotate needs --file')

  const key = KEY_PREFIX + randomBytes(32).toString('base64url')
  const digest = createHash('sha256').update(key).digest('hex')
  // Before the key is shown: nobody is to hand out one that is not in the file.
  if (values.file !== undefined) {
    await addToKeyFile(values.file, { name, digest }, { rotate: values.rotate })
    explain(`Added to ${values.file}.`)
  }
  explain(`The key of ${name}, shown only now:`)
  say(key)
  explain('Its line for API_KEYS_FILE:')
  say(`${name} ${digest}`)
})

/** To standard error, so that standard output has the key and its line alone. */
function explain(text: string): void {
  process.stderr.write(`${text}\n`)
}
