import type { Prediction } from '../../classifier/classify.ts'
import { indexOfHighest } from '../../label-scores.ts'
import type { Encoded } from '../inference.ts'
import type { WantedOutput } from './v2-request.ts'
import { writeStrings } from './v2-strings.ts'

/** A tensor, its elements in row-major order. */
export interface Tensor {
  readonly name: string
  /** BYTES: strings. */
  readonly datatype: 'BYTES' | 'FP32'
  readonly shape: readonly number[]
  readonly data: readonly (string | number)[]
}

type ToTensor = (scores: readonly Prediction['scores'][], output: WantedOutput) => Tensor

/** A function that makes an output of the scores of each text. */
export function createTensors(labels: readonly string[]): ToTensor {
  const label: ToTensor = (scores, { name }) => ({
    name,
    datatype: 'BYTES',
    shape: [scores.length],
    data: scores.map((one) => labels[indexOfHighest(one)] ?? ''),
  })
  const score: ToTensor = (scores, { name }) => ({
    name,
    datatype: 'FP32',
    shape: [scores.length],
    data: scores.map((one) => Math.max(...one)),
  })
  const probabilities: ToTensor = (scores, { name }) => ({
    name,
    datatype: 'FP32',
    shape: [scores.length, labels.length],
    data: scores.flat(),
  })
  /** `SCORE:INDEX:LABEL` of each class. */
  const classes: ToTensor = (scores, output) => {
    const count = Math.min(output.classes, labels.length)
    return {
      name: output.name,
      datatype: 'BYTES',
      shape: [scores.length, count],
      data: scores.flatMap((one) =>
        [...one.entries()]
          .sort(([, a], [, b]) => b - a)
          .slice(0, count)
          .map(([index, value]) => `${value}:${index}:${labels[index]}`),
      ),
    }
  }
  const makers = { label, score, probabilities }
  return (scores, output) => (output.classes > 0 ? classes : makers[output.name])(scores, output)
}

/** The fields of an answer beside its outputs. */
export interface AnswerHead {
  readonly id: string | undefined
  readonly model_name: string
  readonly model_version: string
}

/** An answer: JSON, and the tensors that are wanted as bytes behind it, in order. */
export function encodeAnswer(
  head: AnswerHead,
  tensors: readonly Tensor[],
  wanted: readonly WantedOutput[],
): Encoded {
  const parts: Uint8Array[] = []
  const outputs = tensors.map(({ data, ...tensor }, i) => {
    if (!wanted[i]?.isBinary) return { ...tensor, data }
    const bytes = toBytes({ data, ...tensor })
    parts.push(bytes)
    return { ...tensor, parameters: { binary_data_size: bytes.byteLength } }
  })
  const json = JSON.stringify({ ...head, outputs })
  if (parts.length === 0) return { body: json }
  const begin = Buffer.from(json)
  return {
    body: new Uint8Array(Buffer.concat([begin, ...parts])),
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(begin.byteLength),
    },
  }
}

/** Little-endian, as every processor is that this runs on. */
export function toBytes({ datatype, data }: Tensor): Uint8Array {
  return datatype === 'BYTES'
    ? writeStrings(data.map(String))
    : new Uint8Array(Float32Array.from(data, Number).buffer)
}
