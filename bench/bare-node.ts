import { serve } from '@hono/node-server'
import { bare } from './bare.ts'

serve({ fetch: bare.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  process.stdout.write(`{"event":"ready","port":${port},"internal_port":0,"start_seconds":0}\n`)
})
