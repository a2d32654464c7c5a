import { afterEach, expect, it } from 'vitest'
import { RUNTIMES, TINY_MODEL } from '../../harness/process.ts'
import { Activator } from '../serverless/activator.ts'

let activator: Activator | undefined
afterEach(() => activator?.close())

const predict = (url: string) =>
  fetch(`${url}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: ['good'] }),
  })

it.each(RUNTIMES)(
  'answers requests that were held while %s started, again and again',
  async (runtime) => {
    activator = new Activator(runtime, {
      MODEL: TINY_MODEL,
      LOG_FORMAT: 'json',
      DRAIN_SECONDS: '0',
    })
    const url = await activator.listen()
    for (const processes of [1, 2]) {
      const answers = await Promise.all([predict(url), predict(url), predict(url)])
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(activator.started).toBe(processes)
      expect((await activator.scaleToZero())?.code).toBe(0)
    }
  },
)
