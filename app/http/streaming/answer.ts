import { AppError } from '../../errors.ts'
import type { BodySource } from './body-source.ts'
import type { Session } from './session.ts'

/** The answer of a session as the runtime sends it: each piece is asked for when the last one was sent. */
export class OpenAnswer {
  readonly #session: Session
  readonly #source: BodySource

  constructor(session: Session, source: BodySource) {
    this.#session = session
    this.#source = source
  }

  /** Resolves with its body, once the first piece is there. Throws why there is none. */
  async begin(): Promise<ReadableStream<Uint8Array>> {
    const first = await this.#first()
    const utf8 = new TextEncoder()
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(utf8.encode(first))
      },
      pull: async (controller) => {
        const piece = await this.#session.take()
        if (piece !== undefined) {
          controller.enqueue(utf8.encode(piece))
          return
        }
        await this.#source.discard()
        controller.close()
      },
      cancel: () => this.#session.leave(),
    })
  }

  async #first(): Promise<string> {
    try {
      const first = await this.#session.take()
      if (first !== undefined) return first
    } catch (error) {
      await this.#source.discard()
      throw error
    }
    throw new AppError('client_closed', 'The client closed the connection.')
  }
}
