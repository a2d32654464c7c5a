import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from './api.ts'
import { missingOf } from './needs.ts'
import { Pod } from './objects.ts'

/** From a pod's binding until it is ready: pulling, warming up and a probe. */
const START_MS = 1500
const RETRY_MS = 500
/** From the start of a Job's container until it ends by itself. */
const RUN_MS = 1500
/** Of what SIGTERM has interrupted, as `polarity` has it. */
const INTERRUPTED = 130
/** Until a container without preStop has ended. */
const STOP_MS = 500
/** DRAIN_SECONDS of the base. */
const DRAIN_SECONDS = 5

interface State {
  readonly address: string
  ending: boolean
}

/** Plays the kubelet of every node: pods become ready some time after their binding, and end after preStop and drain. A Job's pods end by themselves. */
export class Kubelet {
  readonly #api: Api
  readonly #states = new Map<string, State>()
  readonly #stopWatching: () => void
  #addresses = 0
  #stopped = false
  /** Pods of an image with this in its name run, and are never ready. */
  broken: string | undefined
  /** What a Job's pod ends with by itself. */
  exitCodeOf: (pod: Pod) => number = () => 0

  constructor(api: Api) {
    this.#api = api
    this.#stopWatching = api.watch('/api/v1/pods', ({ type, object }) => {
      const pod = Pod.parse(object)
      if (type === 'DELETED') this.#states.delete(pod.metadata.uid)
      else if (pod.spec.nodeName) this.#see(pod)
    })
  }

  stop(): void {
    this.#stopped = true
    this.#stopWatching()
  }

  #see(pod: Pod): void {
    const { uid, deletionTimestamp } = pod.metadata
    let state = this.#states.get(uid)
    if (!state) {
      state = { address: this.#nextAddress(), ending: false }
      this.#states.set(uid, state)
      if (deletionTimestamp === undefined) this.#let(this.#start(pod, state))
    }
    if (deletionTimestamp === undefined || state.ending) return
    state.ending = true
    this.#let(this.#end(pod))
  }

  async #start(pod: Pod, state: State): Promise<void> {
    await sleep(START_MS)
    if (!(await this.#finds(pod, state))) return
    const { broken } = this
    const isReady = !broken || !pod.spec.containers.some(({ image }) => image.includes(broken))
    await this.#report(pod, running(pod, state.address, isReady))
    if (isOfJob(pod)) await this.#finish(pod, state)
  }

  /** Waits for what it does not start without; false if it ends before. */
  async #finds(pod: Pod, state: State): Promise<boolean> {
    for (;;) {
      if (this.#stopped || state.ending) return false
      const why = await missingOf(this.#api, pod)
      if (why === undefined) return true
      await this.#report(pod, waiting(pod, why))
      await sleep(RETRY_MS)
    }
  }

  async #finish(pod: Pod, state: State): Promise<void> {
    await sleep(RUN_MS)
    if (!this.#stopped && !state.ending) await this.#report(pod, ended(pod, this.exitCodeOf(pod)))
  }

  async #end(pod: Pod): Promise<void> {
    const { uid, deletionGracePeriodSeconds = 0 } = pod.metadata
    await sleep(Math.min(deletionGracePeriodSeconds * 1000, stopMs(pod)))
    if (this.#stopped) return
    if (isOfJob(pod) && pod.status.phase === 'Running')
      await this.#report(pod, ended(pod, INTERRUPTED))
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 0,
      preconditions: { uid },
    }
    await this.#api.call({ method: 'DELETE', path: pathOf(pod), body })
  }

  async #report(pod: Pod, status: object): Promise<void> {
    // With its identity: the name may have passed on to another pod.
    const body = { metadata: { uid: pod.metadata.uid }, status }
    const type = 'application/merge-patch+json'
    await this.#api.call({ method: 'PATCH', path: `${pathOf(pod)}/status`, body, type })
  }

  /** Its failure must be seen, unless all ends. */
  #let(work: Promise<void>): void {
    work.catch((error) => {
      if (!this.#stopped) throw error
    })
  }

  #nextAddress(): string {
    this.#addresses++
    return `10.244.${this.#addresses >> 8}.${this.#addresses & 255}`
  }
}

const pathOf = ({ metadata }: Pod): string =>
  `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`

/** A container with preStop drains after it. */
function stopMs({ spec }: Pod): number {
  const sleeps = spec.containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0)
  const longest = Math.max(...sleeps)
  return longest > 0 ? (longest + DRAIN_SECONDS) * 1000 : STOP_MS
}

const isOfJob = ({ spec }: Pod): boolean => spec.restartPolicy === 'Never'

/** Without conditions: those that are there stay, the reason of an eviction among them. */
function ended(pod: Pod, exitCode: number): object {
  const now = new Date().toISOString()
  return {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      ...{ name, image, ready: false, started: false, restartCount: 0, imageID: image },
      ...{ containerID: `test://${pod.metadata.uid}/${name}` },
      state: { terminated: { exitCode, startedAt: now, finishedAt: now } },
    })),
  }
}

const READY_TYPES = ['ContainersReady', 'Ready']
const STARTED_TYPES = ['PodScheduled', 'Initialized', 'PodReadyToStartContainers']

function running(pod: Pod, address: string, isReady: boolean): object {
  const now = new Date().toISOString()
  const condition = (status: boolean) => (type: string) => ({
    ...{ type, status: status ? 'True' : 'False', lastTransitionTime: now },
  })
  return {
    ...{ phase: 'Running', hostIP: '192.168.0.1', podIP: address, podIPs: [{ ip: address }] },
    startTime: now,
    conditions: [...STARTED_TYPES.map(condition(true)), ...READY_TYPES.map(condition(isReady))],
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      ...{ name, image, ready: isReady, started: isReady, restartCount: 0, imageID: image },
      ...{
        containerID: `test://${pod.metadata.uid}/${name}`,
        state: { running: { startedAt: now } },
      },
    })),
  }
}

function waiting(pod: Pod, message: string): object {
  return {
    phase: 'Pending',
    containerStatuses: pod.spec.containers.map(({ name, image }) => ({
      ...{ name, image, ready: false, restartCount: 0, imageID: '' },
      state: { waiting: { reason: 'CreateContainerConfigError', message } },
    })),
  }
}
