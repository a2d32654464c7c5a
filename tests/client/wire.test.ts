import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import clientManifest from '../../client/package.json' with { type: 'json' }
import manifest from '../../package.json' with { type: 'json' }
import { toWireTypes, WIRE_FILE } from '../../scripts/client/types.ts'

it('has the types of the service’s schemas, as `npm run client:types` writes them', () => {
  expect(readFileSync(WIRE_FILE, 'utf8')).toBe(toWireTypes())
})

it('has the version and the licence of the service', () => {
  const { version, license } = manifest
  expect(clientManifest).toMatchObject({ version, license })
})
