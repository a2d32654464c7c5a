import { createClient } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { afterEach, describe, expect, it } from 'vitest'
import { GRPCInferenceService } from '../../app/http/grpc/generated/open_inference_pb.ts'
import { RUNTIMES, ServiceProcess, TINY_MODEL } from '../../harness/process.ts'
import { inferenceOf } from '../http/grpc/grpc-server.ts'

describe.each(RUNTIMES)('gRPC on %s', (runtime) => {
  let service: ServiceProcess
  const start = (env: Record<string, string> = {}) => {
    const common = { MODEL: TINY_MODEL, WORKERS: '1', DRAIN_SECONDS: '0', GRPC_PORT: '0' }
    service = new ServiceProcess(runtime, { ...common, BATCH_TIMEOUT_SECONDS: '60', ...env })
    return service
  }
  const clientOf = ({ grpcTarget }: ServiceProcess) =>
    createClient(GRPCInferenceService, createGrpcTransport({ baseUrl: `http://${grpcTarget}` }))
  afterEach(() => service.stop())

  it('is answered, counted and logged', async () => {
    const client = clientOf(await start().ready())
    const { outputs } = await client.modelInfer(inferenceOf('good', 'bad'))
    expect(outputs.map(({ name }) => name)).toEqual(['label', 'score', 'probabilities'])
    expect(await service.metric('polarity_answers_total{dialect="grpc"}')).toBe(1)
    expect(await service.waitFor('request')).toMatchObject({ dialect: 'grpc', texts: 2 })
  })

  it('finishes what is in flight when the signal comes', async () => {
    const client = clientOf(await start().ready())
    const answer = client.modelInfer(inferenceOf('slow slow', 'slow'))
    await service.until('polarity_workers{state="busy"}', (workers) => workers === 1)
    service.signal('SIGTERM')
    expect((await answer).outputs).toHaveLength(3)
    expect(await service.exit()).toBe(0)
  })

  it('is not ready while it drains, and still answers', async () => {
    const client = clientOf(await start({ DRAIN_SECONDS: '2' }).ready())
    service.signal('SIGTERM')
    await service.waitFor('drain_started')
    expect(await client.serverReady({})).toMatchObject({ ready: false })
    expect((await client.modelInfer(inferenceOf('good'))).outputs).toHaveLength(3)
    expect(await service.exit()).toBe(0)
  })

  it('says which port is taken', async () => {
    const { grpcTarget } = await start().ready()
    const port = grpcTarget.split(':').at(-1) ?? ''
    const other = new ServiceProcess(runtime, { MODEL: TINY_MODEL, GRPC_PORT: port })
    expect(await other.exit()).toBe(1)
    expect(other.output).toContain(`GRPC_PORT: ${port} is in use on 127.0.0.1`)
  })
})
