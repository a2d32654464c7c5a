/** Why a model can't be found, pulled, read or run: one message, fit to be shown as it is. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
}
