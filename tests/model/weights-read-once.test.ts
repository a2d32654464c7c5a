import fs from 'node:fs'
import { expect, it, vi } from 'vitest'
import { TINY_MODEL } from '../../harness/process.ts'
import { openLogits } from '../../model/inference.ts'

it('the weights are read by the runtime alone, not once more by the library around it', async () => {
  const read = vi.spyOn(fs, 'createReadStream')
  const logits = await openLogits({ folder: TINY_MODEL, padId: 0, maxTokens: 512 })
  const files = read.mock.calls.map(([path]) => String(path))
  read.mockRestore()
  expect(files.filter((file) => file.endsWith('.onnx'))).toEqual([])
  expect(await logits({ ids: Int32Array.from([1, 2]), lengths: [2] })).toHaveLength(1)
})
