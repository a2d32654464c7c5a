import { z } from 'zod'
import type { createTestApp } from '../../fakes.ts'

type TestApp = ReturnType<typeof createTestApp>

const RowError = z.object({ code: z.string(), message: z.string() })

const Summary = z.strictObject({
  rows: z.number(),
  labels: z.record(z.string(), z.number()),
  errors: z.number(),
  cached: z.number(),
  truncated: z.number(),
  seconds: z.number(),
  complete: z.boolean(),
  next: z.object({ line: z.number(), byte: z.number() }).optional(),
  error: RowError.optional(),
  retry_after: z.number().optional(),
})

const Row = z.strictObject({
  line: z.number(),
  id: z.union([z.string(), z.number()]).optional(),
  prediction: z.array(z.object({ label: z.string(), score: z.number() })).optional(),
  truncated: z.literal(true).optional(),
  error: RowError.optional(),
})

export type AnswerRow = z.infer<typeof Row>

interface Sending {
  readonly type?: string
  readonly query?: string
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

export type Body = string | Uint8Array | readonly Uint8Array[] | ReadableStream<Uint8Array>

/** `POST /predict` with rows, NDJSON if nothing else is said. */
export async function send(app: TestApp, body: Body, sending: Sending = {}): Promise<Response> {
  const { type = 'application/x-ndjson', query = '', headers, signal } = sending
  const init = {
    method: 'POST',
    body: toStream(body),
    duplex: 'half' as const,
    headers: { 'content-type': type, ...headers },
    ...(signal && { signal }),
  }
  return await app.fetch(new Request(`http://localhost/predict${query}`, init))
}

export const parseSummary = (json: string) => Summary.parse(JSON.parse(json))

/** The lines of an answer in NDJSON: its rows, and the summary behind them. */
export function parse(answer: string) {
  const lines = answer.trimEnd().split('\n')
  const last = z.strictObject({ summary: Summary }).parse(JSON.parse(lines.pop() ?? ''))
  return { rows: lines.map((line) => Row.parse(JSON.parse(line))), summary: last.summary }
}

export async function ask(app: TestApp, body: Body, sending: Sending = {}) {
  return parse(await (await send(app, body, sending)).text())
}

function toStream(body: Body): ReadableStream<Uint8Array> {
  if (body instanceof ReadableStream) return body
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? [body] : body
  const bytes = chunks.map((chunk) => new Uint8Array(Buffer.from(chunk)))
  return new ReadableStream({
    start(controller) {
      for (const chunk of bytes) if (chunk.length > 0) controller.enqueue(chunk)
      controller.close()
    },
  })
}

/** A body that is sent piece by piece, as the test wants. */
export function openBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start(one) {
      controller = one
    },
  })
  return {
    body,
    write: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close(),
  }
}
