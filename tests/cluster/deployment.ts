import { join } from 'node:path'
import { z } from 'zod'
import { runtimePath } from '../../harness/process.ts'
import { Deployer } from './deployer.ts'
import { changed } from './deployment-changes.ts'
import { rescaled } from './deployment-scaling.ts'
import { Gateway } from './gateway.ts'
import { expectDone, runProgram } from './kubectl.ts'
import { ROOT } from './programs.ts'
import { NAMESPACE, type Part, REPLICAS, rolledOut, runsTag, type Scene } from './scene.ts'
import { expect } from './wait.ts'
import { watched } from './watched.ts'

const Secret = z.object({ data: z.record(z.string(), z.string()) })
/** 24 random bytes in hex. */
const PASSWORD_LENGTH = 48

/** `npm run deploy` whole, from a cluster without the service on; docker and az are stubs. */
export const deployed: Part = async (scene) => {
  const { plane, production, checkout } = scene
  const isClosed = production.includes('API_KEYS_FILE')
  const keys = await makeKey(plane.folder)
  const gateway = await Gateway.start(plane, {
    MODEL: 'sst2-minilm',
    ...(isClosed && { API_KEYS_FILE: keys.file }),
  })
  try {
    const deployer = new Deployer({ plane, checkout, host: gateway.host, key: keys.key })
    await first(scene, { deployer, keyFile: keys.file })
    await next(scene, deployer)
    await changed(scene, deployer)
    await rescaled(scene, deployer)
  } finally {
    await gateway.close()
  }
}

/** As docs/aks.md has it. */
async function makeKey(folder: string): Promise<{ file: string; key: string }> {
  const file = join(folder, 'keys')
  const args = [join(ROOT, 'cli/polarity.ts'), 'key', 'operator', '--file', file]
  const result = await runProgram(runtimePath('node'), args, { env: { PATH: process.env.PATH } })
  expectDone(result)
  return { file, key: result.stdout.split('\n')[0] ?? '' }
}

interface Operator {
  readonly deployer: Deployer
  readonly keyFile: string
}

async function first(scene: Scene, { deployer, keyFile }: Operator): Promise<void> {
  const { report, plane } = scene
  await report.case('npm run deploy refuses to begin without the API keys', async () => {
    const { status, stderr } = await deployer.deploy()
    expect(status === 1 && stderr.includes('API keys'), `${status}: ${stderr}`)
    expect(deployer.builds === 0, 'it has built an image')
  })
  await report.case('npm run deploy brings the service into an empty cluster', async () => {
    await plane.kubectl.ok(['create', 'namespace', NAMESPACE])
    await plane.kubectl.ok([
      ...['create', 'secret', 'generic', 'polarity-api-keys', `--namespace=${NAMESPACE}`],
      `--from-file=keys=${keyFile}`,
    ])
    expectDone(await deployer.deploy())
    await runsTag(scene, deployer.tag)
    const path = `/api/v1/namespaces/${NAMESPACE}/secrets/polarity-redis`
    const secret = await plane.api.get(path, Secret)
    const password = Buffer.from(secret?.data.password ?? '', 'base64')
    expect(password.length === PASSWORD_LENGTH, `a password of ${password.length} characters`)
    return deployer.calls.map((call) => call.split(' ').slice(0, 2).join(' ')).join(', ')
  })
}

async function next(scene: Scene, deployer: Deployer): Promise<void> {
  const { report, plane } = scene
  const again = async () => {
    await rolledOut(scene, 60)
    deployer.change(/$/, '# changed\n')
    expectDone(await deployer.deploy())
    await runsTag(scene, deployer.tag)
  }
  await report.case(
    `the next deployment leaves ${REPLICAS} replicas ready all the time`,
    async () => {
      await rolledOut(scene, 60)
      const { fewestReady } = await watched(plane.api, NAMESPACE, again)
      expect(fewestReady >= REPLICAS, `there were ${fewestReady} at some time`)
    },
  )
  await report.case('a deployment after kubectl rollout undo ends well', async () => {
    const undo = ['rollout', 'undo', 'deployment/polarity', `--namespace=${NAMESPACE}`]
    await plane.kubectl.ok(undo)
    await again()
  })
}
