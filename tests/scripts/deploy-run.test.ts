import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { APPLY_OPTIONS } from '../../scripts/deploy/steps.ts'
import { answerOf, hasApiServer } from '../kustomize/api-server.ts'
import { Checkout, PROD } from './checkout.ts'
import { DIGEST, except, HEALTHY, listOf, tableOf, webhook } from './cluster.ts'
import { hasKubectl } from './programs.ts'
import type { Answer } from './stub-program.ts'

const IMAGE = 'registry.somewhere.org/polarity/project:v1'

let checkout: Checkout
/** Where all is there. */
let healthy: ReturnType<typeof deploy>

/** A deployment of the version v1 where programs give these answers. */
function deploy(answers: readonly Answer[] = HEALTHY, args: readonly string[] = []) {
  const env = { POLARITY_API_KEY: 'a-key' }
  const options = args.includes('--rollback') ? args : ['--tag', 'v1', '--unlocked', ...args]
  return checkout.runStubbed('scripts/deploy/run.ts', options, { answers, env })
}

/** The manifests that were sent to stay. */
const sentBy = ({ calls }: ReturnType<typeof deploy>) =>
  calls.findLast(({ command }) => /^kubectl apply --server-side --field/.test(command))?.input ?? ''

describe.skipIf(!hasKubectl)('a deployment to a cluster', () => {
  beforeAll(() => {
    checkout = Checkout.withPlaces()
    healthy = deploy()
  }, 120_000)
  afterAll(() => checkout.remove())
  afterEach(() => checkout.reset())

  it('ends well where all is there', () => {
    const { status, stderr, commands } = healthy
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(commands.filter((command) => /^(docker|npm)/.test(command)).map(twoWords)).toEqual([
      'docker build',
      'docker push',
      'npm run',
    ])
  })

  it('sends the image by the digest that the push named', () => {
    const sent = sentBy(healthy)
    expect(sent).toContain(`image: ${IMAGE}@${DIGEST}\n`)
    expect(sent).not.toMatch(/image: .*project:v1\n/)
  })

  it.skipIf(!hasApiServer)("sends what the API server's own code takes", () => {
    expect(answerOf(sentBy(healthy), APPLY_OPTIONS)).toBe('')
  })

  it("takes podman's digest from its file", () => {
    const push = { to: 'podman push --digestfile .*', stdout: `${DIGEST}\n` }
    const answers = except({ to: 'podman build .*' }, push)
    const { calls, ...deployed } = deploy(answers, ['--engine', 'podman'])
    expect(sentBy({ calls, ...deployed })).toContain(`${IMAGE}@${DIGEST}`)
    // What its output comes through is a socket, which podman can't open.
    expect(calls.map(({ command }) => command).join()).not.toContain('/dev/stdout')
  })

  it('changes nothing if the push names no digest', () => {
    const { status, stderr, commands } = deploy(except({ to: 'docker push .*', stdout: 'ok\n' }))
    expect(status).toBe(1)
    expect(stderr).toContain('the push named no digest')
    expect(commands.filter(isChange)).toEqual([])
  })

  it.each<{ what: string; answer: Answer; says: string }>([
    {
      what: 'a kind is not installed',
      answer: { to: 'kubectl api-resources .*', stdout: tableOf(['Namespace.', 'ConfigMap.']) },
      says: 'install',
    },
    {
      what: 'the mesh has another revision',
      answer: { to: 'kubectl get mutatingwebhook.*', stdout: listOf(webhook('asm-1-30')) },
      says: 'the mesh has no revision asm-1-28, the cluster has asm-1-30',
    },
    {
      what: 'there is no mesh',
      answer: { to: 'kubectl get mutatingwebhook.*', stdout: listOf() },
      says: 'the cluster has no mesh',
    },
    {
      what: 'no node has room for one more replica',
      answer: { to: 'kubectl get nodes .*', stdout: listOf() },
      says: 'no node has 1300m CPU and 896Mi left for one more replica: add a node, or say --crowded',
    },
    {
      what: 'there are no API keys',
      answer: { to: 'kubectl .* get secret polarity-api-keys .*', status: 1 },
      says: 'the API keys of the service must be in the namespace before',
    },
    {
      what: 'the API server refuses the manifests',
      answer: { to: 'kubectl apply .*--dry-run=server.*', status: 1 },
      says: 'the cluster refuses the manifests',
    },
    {
      what: 'the cluster does not answer',
      answer: { to: 'kubectl api-resources .*', status: 1 },
      says: 'look at the context of kubectl',
    },
  ])('builds and changes nothing where $what', ({ answer, says }) => {
    const { status, stderr, commands } = deploy(except(answer))
    expect(status).toBe(1)
    expect(stderr).toContain(says)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(commands.filter((command) => command.startsWith('docker'))).toEqual([])
    expect(commands.filter(isChange)).toEqual([])
  })

  it("does not mind an API of somebody else's that is away", () => {
    const list = HEALTHY.find(({ to }) => to.startsWith('kubectl api-resources'))
    const answers = list ? [{ ...list, status: 1, stderr: 'metrics.k8s.io/v1beta1: stale' }] : []
    const args = ['--rollback', 'v1']
    expect(deploy(except(...answers), args).status).toBe(0)
  })

  it('asks for no room when told that the cluster is crowded', () => {
    const { status, commands } = deploy(HEALTHY, ['--crowded'])
    expect(status).toBe(0)
    expect(commands.filter((command) => command.includes('get nodes'))).toEqual([])
  })

  it('tries the manifests on the API server only where the namespace is there', () => {
    const tried = (answers: readonly Answer[]) =>
      deploy(answers).commands.filter((command) => command.includes('--dry-run=server')).length
    expect(tried(HEALTHY)).toBe(1)
    expect(tried(except({ to: 'kubectl get namespace .*', stdout: '' }))).toBe(0)
  })

  it('waits for the certificate before it asks the service', () => {
    const order = healthy.commands.filter((command) => /certificate\/|smoke/.test(command))
    expect(order.map(twoWords)).toEqual(['kubectl --namespace', 'npm run'])
  })

  it('replaces pods when a secret of their environment has changed', () => {
    const sent = sentBy(healthy)
    // The service, and Redis itself.
    expect(sent.match(/polarity\/secrets: polarity-redis=a-uid\.7\n/g)).toHaveLength(2)
    expect(sent).not.toContain('polarity-api-keys=')
  })

  it('makes a password of Redis where there is none, as an object', () => {
    const none = { to: 'kubectl .* get secret polarity-redis', status: 1 }
    const { calls } = deploy(except(none, { to: 'kubectl .* create .*' }))
    const made = calls.find(({ command }) => command.includes(' create '))
    // As a file it would have to be /dev/stdin, and what it comes through is a socket: kubectl can't open that.
    expect(made?.command).toBe('kubectl --namespace polarity create --filename -')
    expect(made?.input).toMatch(/"kind":"Secret".*"password":"[0-9a-f]{48}"/)
  })

  it('makes no password where there is no Redis', () => {
    checkout.change(PROD, '  - ../../components/redis\n', '')
    const { status, commands } = deploy()
    expect(status).toBe(0)
    expect(commands.filter((command) => command.includes('polarity-redis'))).toEqual([])
  })
})

const twoWords = (command: string) => command.split(' ').slice(0, 2).join(' ')

/** Changes the cluster. */
const isChange = (command: string) =>
  / (apply|create|delete) /.test(command) && !command.includes('--dry-run=server')
