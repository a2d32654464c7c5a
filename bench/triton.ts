import { measureAnchor } from './anchor.ts'
import { TritonProcess } from './triton-process.ts'

/**
 * Cache misses, as `measureAnchor` measures them, with Triton in the anchor's place. Its CPU time is
 * that of its main process alone, without those that infer.
 */
export const measureTriton = (rounds: number, texts: readonly string[]) =>
  measureAnchor({
    shapes: ['8x1', '32x1', '8x16', '8x64'],
    rounds,
    seconds: 3,
    texts,
    anchor: TritonProcess.open,
  })
