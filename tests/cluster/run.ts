// What the manifests do in a real control plane. See USAGE.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AddOns } from './add-ons.ts'
import { applied } from './apply.ts'
import { scaled } from './autoscaler.ts'
import { bulk } from './bulk.ts'
import { canaried } from './canary.ts'
import { charted } from './chart.ts'
import { ControlPlane } from './control-plane.ts'
import { deleted } from './deletion.ts'
import { deployed } from './deployment.ts'
import { evicted } from './eviction.ts'
import { Kubelet } from './kubelet.ts'
import { parseManifests, renderer } from './manifests.ts'
import { Nodes } from './nodes.ts'
import { placed } from './placement.ts'
import { missing, ROOT } from './programs.ts'
import { Report } from './report.ts'
import { rolled } from './rollout.ts'
import { type Part, REPLICAS, type Scene } from './scene.ts'
import { serverless } from './serverless.ts'
import { undone } from './undo.ts'

const USAGE = `npm run manifests:apply -- [options]

Applies the manifests to a real control plane on 127.0.0.1: etcd, kube-apiserver, kube-controller-manager
and kube-scheduler, with nodes of AKS's size whose kubelets, metrics and sidecar injection are played.
\`N passed, N failed\` on the last line, and exit code 1 if any failed.

  --checkout PATH  the folder whose manifests and deployment are tried; this one
`

/** In order: each begins where the one before ends. */
const PARTS: readonly Part[] = [
  ...[applied, placed, rolled, undone, canaried, evicted, scaled],
  ...[deleted, charted, serverless, bulk, deployed],
]

const { values } = parseArgs({
  options: {
    checkout: { type: 'string', default: ROOT },
    help: { type: 'boolean', default: false },
  },
})
// Ends the control plane too, which an interrupt alone would leave.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
const say = (line: string) => void process.stdout.write(`${line}\n`)

/** Runs every part; returns the number of cases that failed. */
async function main(checkout: string): Promise<number> {
  const report = new Report(say)
  const plane = await ControlPlane.start()
  const nodes = new Nodes(plane.api)
  const kubelet = new Kubelet(plane.api)
  let addOns: AddOns | undefined
  try {
    const render = renderer(plane.kubectl, checkout)
    const production = await render('kustomize/overlays/prod')
    addOns = await AddOns.start(plane, revisionOf(production))
    await nodes.grow(REPLICAS)
    const scene = { report, plane, nodes, kubelet, addOns, checkout, render, production }
    for (const part of PARTS) await tried(part, scene)
  } finally {
    kubelet.stop()
    nodes.stop()
    addOns?.close()
    await plane.close()
  }
  say(report.sums)
  return report.failed
}

/** What a part fails at between its cases is a failure too, and the next may still run. */
async function tried(part: Part, scene: Scene): Promise<void> {
  try {
    await part(scene)
  } catch (error) {
    await scene.report.case(`${part.name} goes on`, () => Promise.reject(error))
  }
}

/** The mesh's, which the namespace names. */
function revisionOf(production: string): string {
  const labels = parseManifests(production).map(({ metadata }) => metadata.labels['istio.io/rev'])
  return labels.find((revision) => revision !== undefined) ?? ''
}

if (values.help) {
  say(USAGE)
  process.exit(0)
}
const commands = missing()
if (commands.length > 0) {
  process.stderr.write(`It needs programs that are built by:\n${commands.join('\n')}\n`)
  process.exit(2)
}
process.exit((await main(resolve(values.checkout))) === 0 ? 0 : 1)
