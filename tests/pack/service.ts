import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type Program, start } from './program.ts'

const Line = z.looseObject({
  event: z.string(),
  port: z.number().optional(),
  internal_port: z.number().optional(),
})

/** `polarity serve` on free ports. Rejects with what it printed if it ends before it is ready. */
export async function startService(program: Program) {
  const env = { ...program.env, HOST: '127.0.0.1', PORT: '0', INTERNAL_PORT: '0' }
  const child = start({ ...program, env }, ['serve'])
  const ended = once(child, 'close')
  const printed: string[] = []
  createInterface(child.stderr).on('line', (line) => printed.push(line))
  const ready = new Promise<z.infer<typeof Line>>((resolve, reject) => {
    createInterface(child.stdout).on('line', (text) => {
      printed.push(text)
      const line = Line.parse(JSON.parse(text))
      if (line.event === 'ready') resolve(line)
    })
    void ended.then(() => reject(new Error(`it ended before it was ready: ${printed.join('\n')}`)))
  })
  const { port, internal_port } = await ready
  return {
    url: `http://127.0.0.1:${port}`,
    internalUrl: `http://127.0.0.1:${internal_port}`,
    async stop() {
      child.kill('SIGINT')
      await ended
    },
  }
}
