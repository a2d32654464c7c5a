import { KINDS } from '../../scripts/deploy/prune.ts'
import type { Answer } from './stub-program.ts'

export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

const NODE = {
  metadata: { name: 'one', labels: {} },
  spec: {},
  status: { allocatable: { cpu: '3860m', memory: '12Gi', pods: '250' } },
}

export const listOf = (...items: readonly object[]): string => JSON.stringify({ items })

/** As `kubectl api-resources` writes it: the second column is empty for many kinds. */
export function tableOf(kinds: readonly string[]): string {
  const rows = kinds.map((each) => {
    const [kind = '', ...group] = each.split('.')
    const version = group[0] ? `${group.join('.')}/v1` : 'v1'
    return `${kind.toLowerCase()}s    ${kind === 'Service' ? 'svc  ' : ''}  ${version}   true   ${kind}`
  })
  return rows.join('\n')
}

/** What a healthy cluster, a registry and the smoke test say; the first that fits a command counts. */
export const HEALTHY: readonly Answer[] = [
  { to: 'kubectl api-resources .*', stdout: tableOf(['Namespace.', ...KINDS]) },
  { to: 'kubectl get mutatingwebhook.*', stdout: listOf(webhook('asm-1-28')) },
  { to: 'kubectl get nodes .*', stdout: listOf(NODE) },
  { to: 'kubectl get pods .*', stdout: listOf() },
  { to: 'kubectl get namespace .*', stdout: 'namespace/polarity\n' },
  { to: 'kubectl apply .*' },
  { to: 'kubectl .* get secret .*jsonpath.*', stdout: 'a-uid.7' },
  { to: 'kubectl .* get secret .*' },
  { to: 'kubectl .* (rollout status|wait) .*' },
  { to: 'kubectl .* get replicasets --output json', stdout: listOf() },
  { to: 'kubectl .* get replicasets --output jsonpath.*' },
  { to: 'kubectl get [^ ]+ --all-namespaces --selector .*', stdout: listOf() },
  { to: 'docker build .*' },
  { to: 'docker push .*', stdout: `abc: Pushed\nv1: digest: ${DIGEST} size: 1234\n` },
  { to: 'npm run smoke .*' },
]

/** With answers of a test before. */
export const except = (...answers: readonly Answer[]): Answer[] => [...answers, ...HEALTHY]

/** An injector of the mesh. */
export function webhook(revision: string) {
  return { metadata: { labels: { 'istio.io/rev': revision } } }
}
