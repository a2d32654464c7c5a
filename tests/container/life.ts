import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Built } from './image.ts'
import { Load } from './load.ts'
import { Container, inspect } from './podman.ts'
import type { Report } from './report.ts'

const REQUESTS_PER_SECOND = 50
const BEFORE_MS = 4000
const PUBLISH = ['--publish', '127.0.0.1::8000']

const State = z.object({ State: z.object({ OOMKilled: z.boolean() }) })

/** The life cycle of a container: a failed start, and a shutdown without lost requests. */
export async function checkLife(report: Report, built: Built): Promise<void> {
  await report.check('a bad configuration ends it with code 1 and a message', async () => {
    const container = await Container.start(built, ['--env', 'PORT=everywhere'])
    assert.equal(await container.exit(), 1)
    const message = (await container.log()).trim()
    await container.remove()
    assert.match(message, /PORT/)
    assert.ok(message.split('\n').length <= 2 && !message.includes(' at '), message)
    return message.replaceAll('\n', ' ')
  })
  await report.check('it is not healthy while it warms', () => checkWarming(built))
  await report.check('it needs no network to become ready and healthy', async () => {
    const container = await Container.start(built, ['--network', 'none'])
    await container.waitFor('ready')
    assert.ok(await container.isHealthy())
    await container.remove()
  })
  await checkDrain(report, built)
}

/** A fifth of a CPU makes it last; a check that saw the end of it proves nothing, and is done again. */
async function checkWarming(built: Built): Promise<void> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const container = await Container.start(built, ['--cpus', '0.2'])
    await container.waitFor('warming')
    const healthy = await container.isHealthy()
    const tooLate = await container.hasLogged('ready')
    await container.remove()
    if (!tooLate) {
      assert.ok(!healthy, 'healthy before it is ready')
      return
    }
  }
  throw new Error('it was always ready before its check had ended')
}

/**
 * Load before the signal, during the drain, and after the port is closed. Once its connection is
 * accepted, a request must get a 200. A refused connection is no loss: by then the platform knows
 * from /readyz, which has failed since the signal.
 */
async function checkDrain(report: Report, built: Built): Promise<void> {
  const container = await Container.start(built, PUBLISH)
  await container.waitFor('ready')
  const load = new Load(await container.address(8000), REQUESTS_PER_SECOND)
  await sleep(BEFORE_MS)
  const { answered: before } = load.tally
  await container.signal('TERM')
  await report.check('it is not healthy while it drains', async () => {
    assert.ok(await container.hasLogged('drain_started'), 'it does not drain')
    assert.ok(!(await container.isHealthy()), 'healthy')
    assert.ok(!(await container.hasLogged('closed')), 'it drained too fast to be asked')
  })
  const code = await container.exit()
  const { answered, refused, lost } = await load.stop()
  await report.check('it loses no request when it is ended under load', () => {
    assert.deepEqual(lost, [])
    assert.ok(before > 0 && answered > before, 'there was no load')
    assert.ok(refused > 0, 'the load ended before the port was closed')
    return `${before} answered before the signal, ${answered - before} after it, 0 lost; ${refused} refused`
  })
  await report.check('it ends with code 0, not for want of memory', async () => {
    const { State: state } = await inspect(container.id, State)
    assert.deepEqual({ code, oom: state.OOMKilled }, { code: 0, oom: false })
  })
  await container.remove()
}
