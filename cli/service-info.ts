import { z } from 'zod'
import { CommandError, UsageError } from './command.ts'

const TIMEOUT_MS = 10_000

/** What every Polarity says of itself, and a command needs to know. */
const Info = z.object({
  name: z.literal('polarity'),
  model: z.object({
    id: z.string(),
    source: z.string(),
    version: z.string().nullable(),
    digest: z.string(),
    labels: z.array(z.string()),
    card: z.object({ unsure: z.tuple([z.number(), z.number()]).nullable() }).nullish(),
  }),
  long_texts: z.string(),
  limits: z.object({
    max_texts: z.number(),
    max_chars: z.number(),
    max_body_bytes: z.number(),
    request_timeout_seconds: z.number(),
  }),
})
export type ServiceInfo = z.infer<typeof Info>

/** What `/info` of a service answers. Throws a `UsageError` for what is no address, a `CommandError` if nobody answers there. */
export async function fetchInfo(url: string): Promise<unknown> {
  const address = toInfoAddress(url)
  const response = await ask(address)
  if (isRedirect(response)) {
    const location = response.headers.get('location') ?? 'another address'
    throw new CommandError(`${address} redirects to ${location}: give the address it leads to`)
  }
  if (!response.ok) throw new CommandError(`${address} answers with ${response.status}`)
  return await response.json().catch((cause: unknown) => {
    throw noPolarity(address, cause)
  })
}

/** The same of a Polarity. Throws a `CommandError` if it is none. */
export async function readInfo(url: string): Promise<ServiceInfo> {
  const { success, data, error } = Info.safeParse(await fetchInfo(url))
  if (!success) throw noPolarity(toInfoAddress(url), error)
  return data
}

/** A gateway may have put a path before the service's own. */
function toInfoAddress(url: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (!address || !/^https?:$/.test(address.protocol)) {
    throw new UsageError(`${url} is no address: write http://HOST:PORT`)
  }
  return `${address.origin}${address.pathname.replace(/\/*$/, '/info')}`
}

const ask = (address: string) =>
  fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (cause: Error) => {
      const { origin } = new URL(address)
      throw new CommandError(`no answer from ${origin}: ${reasonOf(cause)}`, { cause })
    },
  )

const isRedirect = ({ status }: Response) => status >= 300 && status < 400

const noPolarity = (address: string, cause: unknown) =>
  new CommandError(`${address} is not of a Polarity service`, { cause })

/** `fetch` hides the reason in the cause, where OpenSSL's message is many lines about itself. */
function reasonOf({ message, cause }: Error): string {
  if (!(cause instanceof Error)) return message
  const code = String(Reflect.get(cause, 'code'))
  return code.startsWith('ERR_SSL') || cause.message === '' ? code : cause.message
}
