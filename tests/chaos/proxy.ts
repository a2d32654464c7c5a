import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A proxy to Redis that can degrade the connection. */
export interface RedisProxy {
  readonly port: number
  /** Handles each chunk that a client sends; forwards it by default. */
  onRequest: (number: number, forward: () => void, cut: () => void) => void
  close(): Promise<void>
}

const handOn: RedisProxy['onRequest'] = (_, forward) => forward()

/** Opens a proxy on a free loopback port, in front of Redis on another port. */
export async function openProxy(redisPort: number): Promise<RedisProxy> {
  const sockets = new Set<Socket>()
  let requests = 0
  const server = createServer((client) => {
    const redis = connect(redisPort, '127.0.0.1')
    const cut = () => {
      client.resetAndDestroy()
      redis.destroy()
    }
    for (const socket of [client, redis]) {
      sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        sockets.delete(socket)
        cut()
      })
    }
    client.on('data', (piece) => proxy.onRequest(++requests, () => redis.write(piece), cut))
    redis.pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const proxy: RedisProxy = {
    port: typeof address === 'object' && address ? address.port : 0,
    onRequest: handOn,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
  return proxy
}
