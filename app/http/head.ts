import type { Context } from 'hono'

/** Says the length of GET's answer to HEAD: without a body, Bun would say 0 and Node nothing. */
export async function sayLength(c: Context): Promise<void> {
  if (!c.res.body) return
  const { byteLength } = await c.res.clone().arrayBuffer()
  c.header('Content-Length', String(byteLength))
}
