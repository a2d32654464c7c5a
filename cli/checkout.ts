import type { CommandModule } from 'yargs'
import { UsageError } from './command.ts'

/**
 * Whether this is a checkout, where commands for makers of models may write beside the sources. The package has
 * compiled files alone and belongs to a package manager: nothing is ever written into it.
 */
export const IN_CHECKOUT = import.meta.filename.endsWith('.ts')

/** Throws a `UsageError` outside of a checkout. */
export function demandCheckout(what: string): void {
  if (!IN_CHECKOUT) throw new UsageError(`${what} works in a checkout of the repository alone`)
}

/** A command for makers of models: in the package it is not listed, and says where it works. */
export function forMakers<Options>(
  name: string,
  command: CommandModule<object, Options>,
): CommandModule<object, Options> {
  if (IN_CHECKOUT) return command
  return { ...command, describe: false, handler: () => demandCheckout(name) }
}
