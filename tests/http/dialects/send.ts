import { createTestApp } from '../../fakes.ts'

export interface Sent {
  readonly path?: string
  readonly app?: ReturnType<typeof createTestApp>
  readonly headers?: Record<string, string>
}

/** Sends a body, as JSON unless it is text already. */
export const sendJson = (
  path: string,
  body: unknown,
  { app = createTestApp(), headers = {} }: Sent = {},
) =>
  app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

/** To `/predict`, unless another path is given. */
export const sendTei = (body: unknown, { path = '/predict', ...sent }: Sent = {}) =>
  sendJson(path, body, sent)

export const V2_INFER = '/v2/models/fake/infer'

/** A request of the Open Inference Protocol with two texts, but for the fields of its tensor. */
export const v2Body = (fields: object = {}) => ({
  inputs: [{ name: 'text', shape: [2], datatype: 'BYTES', data: ['I love it', 'no'], ...fields }],
})
