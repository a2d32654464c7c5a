import { z } from 'zod'
import type { Resource } from './rendered.ts'

const Amounts = z.object({ cpu: z.string(), memory: z.string() })

const Job = z.object({
  kind: z.literal('Job'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    completions: z.number().optional(),
    parallelism: z.number().optional(),
    suspend: z.boolean().optional(),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        serviceAccountName: z.string(),
        automountServiceAccountToken: z.boolean(),
        enableServiceLinks: z.boolean(),
        containers: z.tuple([
          z.object({
            image: z.string(),
            command: z.array(z.string()),
            args: z.array(z.string()),
            envFrom: z.tuple([z.object({ configMapRef: z.object({ name: z.string() }) })]),
            resources: z.object({ requests: Amounts, limits: Amounts }),
            securityContext: z.object({ readOnlyRootFilesystem: z.boolean() }),
          }),
        ]),
      }),
    }),
  }),
})

const Settings = z.object({
  kind: z.literal('ConfigMap'),
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()),
})

/** The Jobs of shards and of their join, by name. */
export function jobsOf(resources: readonly Resource[]) {
  const jobs = resources.flatMap((resource) => Job.safeParse(resource).data ?? [])
  const named = (name: string) => {
    const job = jobs.find(({ metadata }) => metadata.name === name)
    if (!job) throw new Error(`there is no Job ${name}`)
    return job
  }
  return { shards: named('polarity-bulk'), join: named('polarity-bulk-join') }
}
type Job = ReturnType<typeof jobsOf>['shards']

/** A Job's command line, as its container is given it. */
export function argumentsOf(job: Job, resources: readonly Resource[]): readonly string[] {
  const [{ args, envFrom }] = job.spec.template.spec.containers
  const { name } = envFrom[0].configMapRef
  const settings = resources
    .flatMap((resource) => Settings.safeParse(resource).data ?? [])
    .find(({ metadata }) => metadata.name === name)
  return args.map((arg) =>
    arg.replace(/\$\((\w+)\)/g, (all, key: string) => settings?.data[key] ?? all),
  )
}
