import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'
import { checkRunning } from './confinement.ts'
import { checkImage } from './image.ts'
import { checkLife } from './life.ts'
import { Container, done } from './podman.ts'
import { Report } from './report.ts'

// Started by the script of the same name, with what that has built.
const text = { type: 'string', default: '' } as const
const options = { image: text, runtime: text, revision: text, mark: text, work: text }
const { values } = parseArgs({ options })

await Report.of(async (report) => {
  await checkImage(report, values)
  const container = await Container.start(values, ['--publish', '127.0.0.1::8000'])
  await container.waitFor('ready')
  await checkRunning(report, container)
  await container.remove()
  await checkLife(report, values)
  await report.check('it has the command, which needs no network and writes nothing', async () => {
    const confined = ['--rm', '--pull=never', '--read-only', '--network=none']
    const command = ['--entrypoint=polarity', values.image, '--model=sst2-minilm', 'I love it']
    assert.match(await done('run', ...confined, ...command), /^POSITIVE 0\.9/)
  })
})
