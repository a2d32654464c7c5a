import type { Scene } from './scene.ts'

/** A namespace, and the secrets that operators make in it. */
export async function prepare({ plane }: Pick<Scene, 'plane'>, namespace: string): Promise<void> {
  const metadata = { name: namespace }
  await plane.api.create('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata })
  const secrets = {
    'polarity-redis': { password: 'test' },
    'polarity-azure-redis': { url: 'rediss://test' },
    'polarity-api-keys': { keys: '' },
  }
  for (const [name, stringData] of Object.entries(secrets)) {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData }
    await plane.api.create(`/api/v1/namespaces/${namespace}/secrets`, secret)
  }
}
