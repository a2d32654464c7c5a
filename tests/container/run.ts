import { parseArgs } from 'node:util'
import { checkRunning } from './confinement.ts'
import { checkImage } from './image.ts'
import { checkLife } from './life.ts'
import { Container } from './podman.ts'
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
})
