import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Certificates } from './certificates.ts'

/** Users of the API server; the second and third have the roles of their programs alone. */
const USERS = ['admin', 'system:kube-controller-manager', 'system:kube-scheduler'] as const
type User = (typeof USERS)[number]

export interface Place {
  readonly folder: string
  readonly certificates: Certificates
  readonly etcd: string
  readonly url: string
  readonly port: number
  readonly tokens: Readonly<Record<User, string>>
}

export const etcdOptions = (client: string, peer: string): string[] => [
  '--data-dir=etcd',
  // Nothing has to survive.
  '--unsafe-no-fsync',
  ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
  ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
  `--initial-cluster=default=${peer}`,
]

export function apiServerOptions({ folder, certificates, etcd, port, tokens }: Place): string[] {
  const { server, frontProxy, accounts, caFile } = certificates
  const tokenFile = join(folder, 'tokens.csv')
  const rows = USERS.map((user) =>
    [tokens[user], user, user, user === 'admin' ? 'system:masters' : ''].join(','),
  )
  writeFileSync(tokenFile, rows.join('\n'))
  return [
    ...[`--etcd-servers=${etcd}`, '--bind-address=127.0.0.1', `--secure-port=${port}`],
    ...[`--tls-cert-file=${server.cert}`, `--tls-private-key-file=${server.key}`],
    ...['--service-cluster-ip-range=10.96.0.0/16', '--endpoint-reconciler-type=none'],
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${accounts.cert}`,
    `--service-account-signing-key-file=${accounts.key}`,
    ...[`--token-auth-file=${tokenFile}`, '--authorization-mode=RBAC'],
    // The aggregation layer, for metrics. Without `--enable-aggregator-routing`: with it a Service of
    // the type ExternalName, the only one that can lead out of a cluster without network, is refused.
    `--requestheader-client-ca-file=${caFile}`,
    '--requestheader-allowed-names=front-proxy',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${frontProxy.cert}`,
    `--proxy-client-key-file=${frontProxy.key}`,
  ]
}

/** Of the controller manager or the scheduler. */
export function clientOptions(
  place: Place,
  name: 'kube-controller-manager' | 'kube-scheduler',
  port: number,
): string[] {
  const { server, accounts, caFile } = place.certificates
  const ofManager = [
    `--service-account-private-key-file=${accounts.key}`,
    `--root-ca-file=${caFile}`,
    ...MANAGER_OPTIONS,
  ]
  return [
    `--kubeconfig=${writeKubeconfig(place, `system:${name}`)}`,
    ...['--leader-elect=false', '--bind-address=127.0.0.1', `--secure-port=${port}`],
    ...[`--tls-cert-file=${server.cert}`, `--tls-private-key-file=${server.key}`],
    ...(name === 'kube-controller-manager' ? ofManager : []),
  ]
}

/** As kubeadm has them, but that the autoscaler looks every second, and believes new pods at once. */
const MANAGER_OPTIONS = [
  '--use-service-account-credentials=true',
  '--horizontal-pod-autoscaler-sync-period=1s',
  '--horizontal-pod-autoscaler-initial-readiness-delay=1s',
  '--horizontal-pod-autoscaler-cpu-initialization-period=1s',
]

export function writeKubeconfig({ folder, certificates, url, tokens }: Place, user: User): string {
  const file = join(folder, `${user.replaceAll(':', '-')}.kubeconfig`)
  const cluster = { server: url, 'certificate-authority': certificates.caFile }
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [{ name: 'test', cluster }],
    users: [{ name: user, user: { token: tokens[user] } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user } }],
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  return file
}
