import { z } from 'zod'

const Review = z.object({
  request: z.object({
    uid: z.string(),
    object: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
    }),
  }),
})

/** With Istio's own requests, which the scheduler counts. */
const SIDECAR = {
  name: 'istio-proxy',
  image: 'istio-proxy',
  resources: {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { cpu: '2', memory: '1Gi' },
  },
}

/** Answers an AdmissionReview of a new pod with the sidecar to add, unless the pod wants none. */
export function inject(review: unknown): object {
  const { uid, object } = Review.parse(review).request
  const answer = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' }
  if (object.metadata.labels['sidecar.istio.io/inject'] === 'false')
    return { ...answer, response: { uid, allowed: true } }
  const patch = [{ op: 'add', path: '/spec/containers/-', value: SIDECAR }]
  const encoded = Buffer.from(JSON.stringify(patch)).toString('base64')
  return { ...answer, response: { uid, allowed: true, patchType: 'JSONPatch', patch: encoded } }
}
