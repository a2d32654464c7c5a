import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names of all servers that run beside this control plane. */
const NAMES = 'IP:127.0.0.1,DNS:localhost,DNS:metrics.kube-system.svc,DNS:kubernetes.default.svc'

export interface Certificates {
  /** In PEM; every other one is signed by it. */
  readonly ca: string
  readonly caFile: string
  readonly server: { readonly key: string; readonly cert: string }
  /** The API server's own, when it passes requests on. */
  readonly frontProxy: { readonly key: string; readonly cert: string }
  /** Signs service accounts' tokens. */
  readonly accounts: { readonly key: string; readonly cert: string }
}

/** Makes the keys and certificates of a control plane; all but `ca` are paths in the folder. */
export function makeCertificates(folder: string): Certificates {
  const pathsOf = (name: string) => ({
    key: join(folder, `${name}.key`),
    cert: join(folder, `${name}.crt`),
  })
  const authority = pathsOf('ca')
  const make = (name: string, ...more: string[]) => {
    const { key, cert } = pathsOf(name)
    const algorithm = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const to = ['-keyout', key, '-out', cert, '-subj', `/CN=${name}`, '-days', '2']
    execFileSync('openssl', ['req', '-x509', ...algorithm, ...to, ...more], { stdio: 'pipe' })
    return { key, cert }
  }
  make('ca')
  const signed = ['-CA', authority.cert, '-CAkey', authority.key]
  return {
    ca: readFileSync(authority.cert, 'utf8'),
    caFile: authority.cert,
    server: make('server', ...signed, '-addext', `subjectAltName=${NAMES}`),
    frontProxy: make('front-proxy', ...signed),
    accounts: make('accounts'),
  }
}
