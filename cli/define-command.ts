import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs'

interface Command<Options> {
  /** Its name and its arguments, as in `pull <model>`. */
  readonly command: string | readonly string[]
  readonly describe: string
  readonly builder: (args: Argv) => Argv<Options>
  readonly handler: (options: ArgumentsCamelCase<Options>) => Promise<void>
}

/** One command, whose handler gets the options that its builder describes. */
export const defineCommand = <Options>(command: Command<Options>): CommandModule<object, Options> =>
  command
