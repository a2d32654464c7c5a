import { createMiddleware } from 'hono/factory'

/** Says the length of GET's answer to HEAD: without a body, Bun would say 0 and Node nothing. */
export const headLength = createMiddleware(async (c, next) => {
  await next()
  if (c.req.method !== 'HEAD' || !c.res.body) return
  const { byteLength } = await c.res.clone().arrayBuffer()
  c.header('Content-Length', String(byteLength))
})
