import { bare } from './bare.ts'

const { port } = Bun.serve({ fetch: bare.fetch, hostname: '127.0.0.1', port: 0 })
process.stdout.write(`{"event":"ready","port":${port},"internal_port":0,"start_seconds":0}\n`)
