import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Kubectl } from './kubectl.ts'
import { expect, until } from './wait.ts'

/** Longer than two looks of any controller. */
const CALM_MS = 2500

const Versions = z.object({
  items: z.array(
    z.looseObject({
      kind: z.string(),
      metadata: z.looseObject({
        name: z.string(),
        generation: z.number().optional(),
        resourceVersion: z.string(),
        labels: z.unknown().optional(),
        annotations: z.unknown().optional(),
      }),
      spec: z.unknown().optional(),
      status: z.unknown().optional(),
    }),
  ),
})

interface Applied {
  /** The manifests that are in the cluster. */
  readonly text: string
  /** The field manager by which kubectl applied them; none if Helm did, which adds to them. */
  readonly manager?: string
  /** Applies them once more. */
  readonly again: () => Promise<unknown>
}

/** Throws if applying once more changes an object. Resolves to the number of objects. */
export async function unchanged(kubectl: Kubectl, { text, manager, again }: Applied) {
  const before = await settled(kubectl, text)
  await again()
  const after = await versionsOf(kubectl, text)
  const changed = after.filter((line, i) => line !== before[i])
  expect(changed.length === 0, `changed: ${changed.join(', ')}`)
  if (manager) await noDifference(kubectl, text, manager)
  return `${after.length} objects`
}

async function noDifference(kubectl: Kubectl, text: string, manager: string): Promise<void> {
  const diff = ['diff', '--server-side', '--force-conflicts', `--field-manager=${manager}`]
  const { status, stdout, stderr } = await kubectl.run([...diff, '--filename=-'], text)
  expect(status === 0, `kubectl diff: ${status}: ${stdout}${stderr}`)
}

/** Once controllers have done what the first apply makes them do. */
function settled(kubectl: Kubectl, text: string): Promise<string[]> {
  return until('objects that nothing changes', 60, async () => {
    const before = await versionsOf(kubectl, text)
    await sleep(CALM_MS)
    const after = await versionsOf(kubectl, text)
    return `${before}` === `${after}` ? after : undefined
  })
}

/** What changes with each change of an object, but not with its status. */
async function versionsOf(kubectl: Kubectl, text: string): Promise<string[]> {
  const output = await kubectl.ok(['get', '--filename=-', '--output=json'], text)
  return Versions.parse(JSON.parse(output)).items.map(({ kind, metadata, spec, status }) => {
    const { name, generation, resourceVersion, labels, annotations } = metadata
    const isWatched = status !== undefined && generation === undefined
    const version = isWatched ? JSON.stringify({ labels, annotations, spec }) : resourceVersion
    return `${kind} ${name} ${generation ?? version}`
  })
}

/** Deletes what manifests have, and throws if something of it stays. */
export async function removed(kubectl: Kubectl, text: string): Promise<void> {
  const options = ['--wait=true', '--timeout=120s', '--filename=-']
  await kubectl.ok(['delete', ...options], text)
  await nothingOf(kubectl, text)
}

/** Throws if an object of these manifests is in the cluster. */
export async function nothingOf(kubectl: Kubectl, text: string): Promise<void> {
  const left = await kubectl.ok(
    ['get', '--ignore-not-found', '--output=name', '--filename=-'],
    text,
  )
  expect(left.trim() === '', `still there: ${left}`)
}
