import { expect, it } from 'vitest'
import { classifyBytes } from './run.ts'

it('a run says how much of a file it has read, also of one that is read at once', async () => {
  const shares: (number | undefined)[] = []
  const onProgress = (_: unknown, share: number | undefined) => shares.push(share)
  await classifyBytes({ name: 'in.csv', bytes: 'text\nno\n', onProgress })
  expect(shares.at(-1)).toBe(1)
})
