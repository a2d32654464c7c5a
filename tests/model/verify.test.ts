import { describe, expect, it } from 'vitest'
import { whyNotPinned } from '../../model/verify.ts'

const WEIGHTS = { bytes: 3, sha256: 'a'.repeat(64) }
const TOKENIZER = { bytes: 5, sha256: 'b'.repeat(64) }
const pinned = { files: { 'tokenizer.json': TOKENIZER, 'weights.onnx': WEIGHTS }, digest: 'c' }

describe('files that the catalog pins', () => {
  it('are verified when all are as it says', () => {
    expect(whyNotPinned(pinned, pinned)).toBeUndefined()
  })

  it('are named when one is another', () => {
    const files = { ...pinned.files, 'weights.onnx': { bytes: 3, sha256: 'd'.repeat(64) } }
    expect(whyNotPinned(pinned, { ...pinned, files })).toBe(
      `weights.onnx is not what the catalog pins: its SHA-256 is ${'d'.repeat(64)}, not ${'a'.repeat(64)}`,
    )
  })

  it('are not verified without the digest of the whole', () => {
    expect(whyNotPinned(pinned, { ...pinned, digest: 'e' })).toMatch('digest')
  })

  it('are none for a folder of one’s own, or a model that each exports', () => {
    expect(whyNotPinned(undefined, pinned)).toBeUndefined()
    expect(whyNotPinned({ files: null, digest: null }, pinned)).toBeUndefined()
  })
})
