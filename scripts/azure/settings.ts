import { z } from 'zod'

const PLACEHOLDERS = { registry: 'polarityexample', host: 'polarity.example.com' } as const
const word = z.string().regex(/^\w[\w.@-]*$/, 'letters, digits and . - _ @ alone')
const count = z.string().regex(/^[1-9]\d*$/, 'a number')

/** What may be told by options, each with what it is for. */
export const OPTIONS = {
  group: { type: 'string', default: 'polarity', help: 'the resource group, which holds all of it' },
  location: {
    type: 'string',
    default: 'westeurope',
    help: 'one with three zones; `az account list-locations`',
  },
  registry: {
    type: 'string',
    default: PLACEHOLDERS.registry,
    help: 'small letters and digits; nobody else may have it',
  },
  cluster: { type: 'string', default: 'polarity', help: 'the AKS cluster' },
  size: { type: 'string', default: 'Standard_D4as_v5', help: 'of a node' },
  family: {
    type: 'string',
    default: 'standardDASv5Family',
    help: 'of that size, as `az vm list-usage` calls it',
  },
  nodes: { type: 'string', default: '3', help: 'at first' },
  'max-nodes': { type: 'string', default: '28', help: 'that the autoscaler may make' },
  zone: { type: 'string', default: 'example.com', help: 'the DNS zone' },
  host: { type: 'string', default: PLACEHOLDERS.host, help: 'in the zone' },
  mail: {
    type: 'string',
    default: 'you@example.com',
    help: "for the certificate authority's warnings",
  },
  redis: {
    type: 'string',
    default: '',
    help: 'the name of an Azure Managed Redis; none unless named',
  },
  revision: { type: 'string', default: '', help: 'of the mesh, for mesh-start' },
} as const

export const Settings = z
  .object({
    ...{ group: word, location: word, cluster: word, size: word, family: word, mail: word },
    registry: z.string().regex(/^[a-z\d]{5,50}$/, '5 to 50 small letters and digits'),
    ...{ nodes: count, 'max-nodes': count, zone: word, host: word },
    redis: z.union([z.literal(''), word]),
    revision: z.union([z.literal(''), word]),
  })
  .refine(({ host, zone }) => host === zone || host.endsWith(`.${zone}`), {
    error: 'must be the zone, or lie in it',
    path: ['host'],
  })
export type Settings = z.infer<typeof Settings>

/** Throws for names that these scripts use and that are only examples: nobody could make them. */
export function refuseExamples({ registry, host, mail }: Settings, scripts: string): void {
  const examples = [
    registry === PLACEHOLDERS.registry && /\$REGISTRY\b/.test(scripts) && '--registry',
    /(^|\.)example\.com$/.test(host) && /\$(HOST|ZONE)\b/.test(scripts) && '--zone and --host',
    mail.endsWith('@example.com') && /\$MAIL\b/.test(scripts) && '--mail',
  ].filter(Boolean)
  if (examples.length > 0) throw new Error(`still an example: ${examples.join(', ')}`)
}

/** The variables that every step uses, as lines of a shell. */
export function variablesOf(settings: Settings): string {
  const { host, zone, size, nodes } = settings
  const variables = {
    ...{ GROUP: settings.group, LOCATION: settings.location, REGISTRY: settings.registry },
    ...{ CLUSTER: settings.cluster, SIZE: size, FAMILY: settings.family },
    ...{ NODES: nodes, MAX_NODES: settings['max-nodes'] },
    // Standard_D4as_v5 has four.
    CORES: /\d+/.exec(size)?.[0] ?? '1',
    ...{ ZONE: zone, HOST: host, RECORD: host === zone ? '@' : host.slice(0, -zone.length - 1) },
    ...{ MAIL: settings.mail, REDIS: settings.redis, REVISION: settings.revision },
  }
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
