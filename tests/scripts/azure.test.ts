import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LATER } from '../../scripts/azure/later.ts'
import { STEPS } from '../../scripts/azure/steps.ts'
import { refusalOf } from './azure-cli.ts'
import { Checkout, PROD } from './checkout.ts'
import { hasKubectl } from './programs.ts'
import type { Answer } from './stub-program.ts'

const NAMES = [
  ...['--registry', 'somebodys', '--zone', 'somewhere.org', '--host', 'api.somewhere.org'],
  ...['--mail', 'somebody@somewhere.org'],
]
const KEY = 'a/key+with=signs'

/** A new subscription with enough cores, in which nothing is made yet. */
const AZURE: readonly Answer[] = [
  { to: 'az vm list-usage .*', stdout: 'cores\t0\t20\nstandardDASv5Family\t4\t16\n' },
  { to: 'az aks show .* --output none', status: 3 },
  { to: 'az network dns zone show .* --output none', status: 3 },
  { to: 'az aks show .*ingressGateways.*' },
  { to: 'az aks show .*revisions.*', stdout: 'asm-1-30\n' },
  { to: 'az aks show .*issuerUrl.*', stdout: 'https://issuer\n' },
  { to: 'az acr show .*loginServer.*', stdout: 'somebodys.azurecr.io\n' },
  { to: 'az network dns zone show .*--query id .*', stdout: '/zone-id\n' },
  { to: 'az identity show .*principalId.*', stdout: 'principal\n' },
  { to: 'az identity show .*clientId.*', stdout: 'client\n' },
  { to: 'az account show --query id .*', stdout: 'subscription\n' },
  { to: 'az redisenterprise show .* --output none', status: 3 },
  { to: 'az redisenterprise show .*hostName.*', stdout: 'ours.westeurope.redis.azure.net\n' },
  { to: 'az redisenterprise database list-keys .*', stdout: `${KEY}\n` },
  { to: 'az .*' },
  { to: 'helm .*' },
  { to: 'npm run --silent key .*' },
  { to: 'kubectl .* get secret .*', status: 1 },
  { to: 'kubectl .* get service .*', stdout: '203.0.113.7' },
  { to: 'kubectl .*' },
]

let checkout: Checkout
/** All steps in order, and the overlay after them. */
let whole: ReturnType<typeof azure>
let written: string
const azure = (args: readonly string[], ...answers: Answer[]) =>
  checkout.runStubbed('scripts/azure/run.ts', args, {
    answers: [...answers, ...AZURE],
    strict: true,
  })
const overlay = () => readFileSync(join(checkout.folder, PROD), 'utf8')

describe.skipIf(!hasKubectl)('the way to Azure', () => {
  beforeAll(() => {
    checkout = new Checkout()
    whole = azure(['--run', ...NAMES])
    written = overlay()
  }, 120_000)
  afterAll(() => checkout.remove())
  afterEach(() => checkout.reset())

  it('asks for nothing that az and kubectl refuse, in order', () => {
    const { status, stderr, commands } = whole
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const changes = / (create|enable-ingress-gateway|get-credentials|add-record|upgrade|apply|key) /
    expect(commands.filter((command) => changes.test(command)).map(nameOf)).toEqual([
      'az group create',
      'az acr create',
      'az aks create',
      'az aks mesh enable-ingress-gateway',
      'az aks get-credentials',
      'az network dns zone create',
      'az network dns record-set a add-record',
      'helm upgrade',
      'az identity create',
      'az role assignment create',
      'az identity federated-credential create',
      'kubectl apply',
      'helm upgrade',
      'kubectl create namespace polarity',
      'kubectl apply',
      'npm run',
      'kubectl',
    ])
  })

  it('makes again only what is not there', () => {
    const { status, commands } = azure(
      ['--run', ...NAMES],
      { to: 'az aks show .*ingressGateways.*', stdout: 'true\n' },
      { to: 'az (aks|network dns zone) show .* --output none' },
      { to: 'kubectl .* get secret .*' },
    )
    expect(status).toBe(0)
    const once = /aks create|zone create|enable-ingress-gateway|run .*key|create secret/
    expect(commands.filter((command) => once.test(command))).toEqual([])
  })

  it('hands on what Azure says: addresses, ids, revisions', () => {
    const { calls, commands } = whole
    expect(commands.find((command) => command.includes('add-record'))).toContain(
      '--record-set-name api --ipv4-address 203.0.113.7',
    )
    expect(commands.find((command) => command.includes('role assignment'))).toContain(
      '--scope /zone-id --assignee-object-id principal --assignee-principal-type ServicePrincipal',
    )
    const issuer = calls.find(({ input }) => input.includes('ClusterIssuer'))?.input
    for (const line of ['subscriptionID: subscription', 'clientID: client', 'somewhere.org'])
      expect(issuer).toContain(line)
    expect(written).toContain('- host=api.somewhere.org\n')
    expect(written).toContain('- revision=asm-1-30\n')
    expect(written).toContain('newName: somebodys.azurecr.io/polarity/project\n')
  })

  it.each([
    ['of the kind of node', 'cores\t0\t20\nstandardDASv5Family\t4\t10\n'],
    ['of the region', 'cores\t10\t20\nstandardDASv5Family\t0\t16\n'],
    ['at all', ''],
  ])('stops before it makes anything where there are too few cores %s', (_, stdout) => {
    const { status, stderr, commands } = azure(['--run', ...NAMES], { to: 'az vm .*', stdout })
    expect(status).toBe(1)
    expect(stderr).toMatch(/Too few|has no cores/)
    expect(stderr).toContain('--from look')
    expect(commands.filter((command) => command.includes('create'))).toEqual([])
  })

  it("keeps Redis' key out of every command line, and percent-encodes it", () => {
    const { status, calls } = azure(['--run', 'redis', '--redis', 'ours'])
    expect(status).toBe(0)
    const encoded = encodeURIComponent(KEY)
    const secret = calls.find(({ command }) => command.includes('polarity-azure-redis'))
    expect(secret?.input).toBe(`rediss://:${encoded}@ours.westeurope.redis.azure.net:10000`)
    for (const { command } of calls) {
      expect(command).not.toContain(KEY)
      expect(command).not.toContain(encoded)
    }
    expect(overlay()).toContain('  - ../../components/azure-redis\n')
    expect(overlay()).not.toContain('components/redis\n')
  })

  it.each(LATER.map(({ name }) => name))('can do %s by itself', (name) => {
    const more = ['--redis', 'ours', '--revision', 'asm-1-31']
    const { status, stderr, commands } = azure(['--run', name, ...more])
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(commands.length).toBeGreaterThan(0)
  })

  it('goes on where it was told to', () => {
    const { commands } = azure(['--run', '--from', 'monitoring', ...NAMES])
    expect(commands[0]).toMatch(/^helm upgrade --install monitoring /)
  })

  it('prints the same, as a script of a shell, and runs nothing', () => {
    const { status, stdout, commands } = azure([])
    expect(status).toBe(0)
    for (const { script } of STEPS) expect(stdout).toContain(script)
    expect(stdout).toContain('GROUP=polarity\n')
    expect(commands).toEqual([])
  })

  it.each([
    ['an example', ['--run'], 'still an example: --registry, --zone and --host, --mail'],
    ['a registry that Azure refuses', ['--registry', 'No-Name'], '--registry: 5 to 50 small'],
    ['a host outside of the zone', ['--host', 'a.org'], '--host: must be the zone, or lie in it'],
    ['what a shell would take apart', ['--group', 'a;b'], '--group: letters'],
    ['a step that is not there', ['nowhere'], 'nowhere is no step'],
  ])('refuses %s', (_, args, says) => {
    const { status, stderr, commands } = azure(args)
    expect(status).toBe(1)
    expect(stderr).toContain(says)
    expect(commands).toEqual([])
  })
})

const nameOf = (command: string) => command.split(/ -| oci/)[0]

describe('the stand-in for az', () => {
  it.each([
    ['group create --name a', 'required: --location/-l'],
    ['group make --name a', 'is no command'],
    ['aks create --resource-group a --name b', '--generate-ssh-keys'],
    ['aks show --resource-group a --name b --nmae c', 'unrecognized arguments: --nmae'],
    ['aks show --resource-group --name b', 'argument --resource-group: expected one argument'],
    ['acr create --resource-group a --name b --sku Small', '--sku must be one of Basic'],
  ])('refuses %s', (command, says) => {
    expect(refusalOf(command.split(' '))).toContain(says)
  })
})
