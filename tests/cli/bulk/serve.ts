import { serve } from '@hono/node-server'

export type Answer = (request: Request) => Response | Promise<Response>

/** Answers HTTP on a free port for as long as `work` runs with its address. */
export async function served<T>(answer: Answer, work: (url: string) => Promise<T>): Promise<T> {
  const started = Promise.withResolvers<number>()
  const server = serve({ fetch: answer, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
    started.resolve(port),
  )
  try {
    return await work(`http://127.0.0.1:${await started.promise}`)
  } finally {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  }
}
