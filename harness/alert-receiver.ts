import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

const Labels = z.record(z.string(), z.string())
const Message = z.object({
  receiver: z.string(),
  status: z.string(),
  groupLabels: Labels,
  alerts: z.array(z.object({ status: z.string(), labels: Labels, annotations: Labels })),
})
export type AlertMessage = z.infer<typeof Message>

/** A webhook, as a pager or a chat has one, that keeps what Alertmanager sends. */
export class AlertReceiver {
  readonly messages: AlertMessage[] = []
  readonly #server: Server

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk))
      this.messages.push(Message.parse(JSON.parse(String(Buffer.concat(chunks)))))
      response.end()
    })
  }

  static async start(): Promise<AlertReceiver> {
    const receiver = new AlertReceiver()
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    return receiver
  }

  get url(): string {
    const address = this.#server.address()
    return `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`
  }

  /** Resolves with the first message about an alert. */
  async message(alertname: string): Promise<AlertMessage> {
    for (;;) {
      const found = this.messages.find(({ groupLabels }) => groupLabels.alertname === alertname)
      if (found) return found
      await sleep(50)
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
