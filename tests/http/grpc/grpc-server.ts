import { Code, ConnectError, createClient } from '@connectrpc/connect'
import { compressionGzip, createGrpcTransport } from '@connectrpc/connect-node'
import { type AppDeps, createCommon } from '../../../app/http/app.ts'
import { createGrpcApp } from '../../../app/http/grpc/app.ts'
import { Health } from '../../../app/http/grpc/generated/health_pb.ts'
import { GRPCInferenceService } from '../../../app/http/grpc/generated/open_inference_pb.ts'
import { listenHttp2 } from '../../../app/http2.ts'
import { createTestDeps } from '../../fakes.ts'

export type GrpcServer = Awaited<ReturnType<typeof startGrpc>>

/** The app around a fake classifier, behind a real server of HTTP/2, and clients of it. */
export async function startGrpc(
  overrides: Partial<AppDeps> = {},
  env: Record<string, string> = {},
) {
  const deps = createTestDeps(overrides, env)
  const { fetch } = createGrpcApp(deps, createCommon(deps))
  const server = await listenHttp2(fetch, { hostname: '127.0.0.1', port: 0 })
  const options = { baseUrl: `http://127.0.0.1:${server.port}` }
  const transport = createGrpcTransport(options)
  const zipping = createGrpcTransport({
    ...options,
    sendCompression: compressionGzip,
    compressMinBytes: 0,
  })
  return {
    ...deps,
    ...options,
    client: createClient(GRPCInferenceService, transport),
    zippingClient: createClient(GRPCInferenceService, zipping),
    health: createClient(Health, transport),
    stop: () => server.stop(),
  }
}

const encoder = new TextEncoder()

/** A request with these texts by their type. */
export const inferenceOf = (...texts: readonly string[]) => ({
  modelName: 'polarity',
  inputs: [
    {
      name: 'text',
      datatype: 'BYTES',
      shape: [BigInt(texts.length)],
      contents: { bytesContents: texts.map((text) => encoder.encode(text)) },
    },
  ],
})

/** The name of the status that a call ends with, and what it says. */
export async function failureOf(call: Promise<unknown>) {
  const error = await call.catch((reason: unknown) => reason)
  if (!(error instanceof ConnectError)) throw new Error(`It did not fail: ${JSON.stringify(error)}`)
  const { code, rawMessage, metadata } = error
  return { status: Code[code], message: rawMessage, metadata }
}
