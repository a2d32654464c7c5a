interface Place {
  readonly port: number
  /** In PEM, and that in base64. */
  readonly ca: string
  /** Of the mesh. */
  readonly revision: string
}

/** What makes the add-ons known to the API server, as one List. */
export function registrations({ port, ca, revision }: Place): object {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics', namespace: 'kube-system' },
    // The only kind that leads out of the cluster: the add-ons are no pods.
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
  }
  const items = [
    service,
    apiService('metrics.k8s.io', 'v1beta1', { port, ca }),
    apiService('custom.metrics.k8s.io', 'v1beta2', { port, ca }),
    injector({ port, ca, revision }),
    ...['aks-istio-ingress', 'aks-istio-system', 'monitoring'].map(namespace),
  ]
  return { apiVersion: 'v1', kind: 'List', items }
}

const namespace = (name: string): object => ({
  ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
})

function apiService(group: string, version: string, at: Omit<Place, 'revision'>): object {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}` },
    spec: {
      ...{ group, version, groupPriorityMinimum: 100, versionPriority: 100, caBundle: at.ca },
      service: { name: 'metrics', namespace: 'kube-system', port: at.port },
    },
  }
}

/** As istiod registers itself: for pods in namespaces with the label of its revision. */
function injector({ port, ca, revision }: Place): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: `istio-sidecar-injector-${revision}`,
      labels: { app: 'sidecar-injector', 'istio.io/rev': revision },
    },
    webhooks: [
      {
        name: 'rev.namespace.sidecar-injector.istio.io',
        clientConfig: { url: `https://127.0.0.1:${port}/inject`, caBundle: ca },
        ...{ admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Fail' },
        namespaceSelector: { matchLabels: { 'istio.io/rev': revision } },
        rules: [
          { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] },
        ],
      },
    ],
  }
}
