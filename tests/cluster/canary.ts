import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { apply, MANAGER, parseManifests, withTag } from './manifests.ts'
import { EndpointSlice } from './objects.ts'
import { ended, imageOf, NAMESPACE, type Part, REPLICAS, readyPods, type Scene } from './scene.ts'
import { nothingOf, unchanged } from './unchanged.ts'
import { expect, until } from './wait.ts'
import { watched } from './watched.ts'

const CANARY = 'polarity-canary'
const NAME = 'app.kubernetes.io/name'
const ROUTES = `/apis/networking.istio.io/v1/namespaces/${NAMESPACE}/virtualservices/polarity`
const NO_ROOM = `/api/v1/namespaces/${NAMESPACE}/events?fieldSelector=reason%3DFailedScheduling`

const Route = z.object({
  destination: z.object({ host: z.string() }),
  weight: z.number().optional(),
})
const VirtualService = z.object({
  spec: z.object({ http: z.tuple([z.object({ route: z.array(Route) })], z.unknown()) }),
})
const Event = z.object({ involvedObject: z.object({ name: z.string() }) })

/** A canary beside production, on the nodes that hold production, and its end. */
export const canaried: Part = async (scene) => {
  const { report, plane, production } = scene
  const text = withTag(await scene.render('kustomize/overlays/prod-canary'), 'six')
  const again = () => apply(plane.kubectl, text)
  await ended(scene)
  const before = await identities(scene)
  await report.case('a canary gets ready on the same nodes, and production does not notice', () =>
    begin(scene, text),
  )
  await report.case('a canary again changes nothing', () =>
    unchanged(plane.kubectl, { text, manager: MANAGER, again }),
  )
  await report.case('a canary has its share of /predict, for pods that are ready', () =>
    shares(scene),
  )
  await report.case('production deployed again takes the share back', async () => {
    const tag = (await imageOf(scene)).replace(/.*:/, '')
    await apply(plane.kubectl, withTag(production, tag))
    const hosts = (await routeOf(scene)).map(({ destination }) => destination.host)
    expect(hosts.join() === 'polarity', `requests go to ${hosts.join(', ')}`)
  })
  await report.case('the command in docs/operations.md takes a canary away, and all of it', () =>
    end(scene, text),
  )
  await report.case('the replicas of production are the same as before the canary', async () => {
    const after = await identities(scene)
    expect(after === before, `${after} in place of ${before}`)
  })
}

async function begin(scene: Scene, text: string): Promise<string> {
  const { plane } = scene
  const { fewestReady } = await watched(plane.api, NAMESPACE, async () => {
    const warnings = await apply(plane.kubectl, text)
    expect(warnings === '', warnings)
    const options = [`--namespace=${NAMESPACE}`, '--timeout=90s']
    await plane.kubectl.ok(['rollout', 'status', `deployment/${CANARY}`, ...options])
  })
  expect(fewestReady >= REPLICAS, `of production ${fewestReady} were ready at some time`)
  const waited = (await plane.api.list(NO_ROOM, Event)).map(({ involvedObject }) => involvedObject)
  const ofCanary = waited.filter(({ name }) => name.startsWith(CANARY))
  expect(ofCanary.length === 0, `${ofCanary.length} times there was no room for it`)
  return `${await readyOf(scene, CANARY)} pods`
}

async function shares(scene: Scene): Promise<string> {
  const routes = await routeOf(scene)
  const weights = routes.map(({ weight = 0 }) => weight)
  const ready = await Promise.all(routes.map(({ destination }) => readyOf(scene, destination.host)))
  const said = routes.map(
    ({ destination }, i) => `${weights[i]} % to ${destination.host}, ${ready[i]} pods`,
  )
  expect(routes.length === 2 && weights.reduce((sum, one) => sum + one) === 100, said.join('; '))
  expect(
    ready.every((count) => count > 0),
    said.join('; '),
  )
  const [ofProduction = 0, ofCanary = 0] = weights
  expect(ofCanary > 0 && ofCanary < ofProduction, said.join('; '))
  return said.join('; ')
}

async function end({ plane, checkout }: Scene, text: string): Promise<void> {
  const document = readFileSync(join(checkout, 'docs/operations.md'), 'utf8')
  const [, command = ''] = /`kubectl (-n polarity delete [^`]*)`/.exec(document) ?? []
  await plane.kubectl.ok(command.split(' '))
  const items = parseManifests(text).filter(({ metadata }) => metadata.labels[NAME] === CANARY)
  expect(items.length > 0, 'no object has its name')
  await until('the end of its pods', 60, async () => {
    const pods = await plane.kubectl.ok([
      ...['get', 'pods', `--namespace=${NAMESPACE}`, '--output=name'],
      `--selector=${NAME}=${CANARY}`,
    ])
    return pods.trim() === '' || undefined
  })
  await nothingOf(plane.kubectl, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
}

async function identities(scene: Scene): Promise<string> {
  return (await readyPods(scene))
    .map(({ metadata }) => metadata.name)
    .sort()
    .join(', ')
}

async function routeOf({ plane }: Scene): Promise<z.infer<typeof Route>[]> {
  const found = await plane.api.get(ROUTES, VirtualService)
  return found?.spec.http[0].route ?? []
}

async function readyOf({ plane }: Scene, service: string): Promise<number> {
  const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`)
  const path = `/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`
  const slices = await plane.api.list(`${path}?labelSelector=${selector}`, EndpointSlice)
  const ends = slices.flatMap(({ endpoints }) => endpoints ?? [])
  return ends.filter(({ conditions }) => conditions.ready).length
}
