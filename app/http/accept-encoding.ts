import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const toGzip = promisify(gzip)
const toBrotli = promisify(brotliCompress)

/** Brotli's default takes seconds for a megabyte. */
const BROTLI_QUALITY = 5

export type Coding = 'br' | 'gzip'

/** Compresses in a thread of the runtime: the event loop goes on. */
export const COMPRESS: Record<Coding, (body: string) => Promise<Uint8Array<ArrayBuffer>>> = {
  br: async (body) => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY }
    return new Uint8Array(await toBrotli(body, { params }))
  },
  gzip: async (body) => new Uint8Array(await toGzip(body, { level: 1 })),
}

/** The coding that a client weighs highest in its Accept-Encoding, Brotli if it takes both alike (RFC 9110, 12.5.3). */
export function codingFor(acceptEncoding: string | undefined): Coding | undefined {
  if (!acceptEncoding) return undefined
  const weights = new Map(acceptEncoding.split(',').map(toWeight))
  const weigh = (coding: Coding) => weights.get(coding) ?? weights.get('*') ?? 0
  const [br, gzip] = [weigh('br'), weigh('gzip')]
  const plain = weights.get('identity') ?? 0
  if (Math.max(br, gzip) <= 0 || plain > Math.max(br, gzip)) return undefined
  return br >= gzip ? 'br' : 'gzip'
}

function toWeight(part: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = part.toLowerCase().split(';')
  const q = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1])
  const weight = Number(q.find((value) => value !== undefined) ?? 1)
  return [coding.trim(), Number.isNaN(weight) ? 0 : weight]
}
