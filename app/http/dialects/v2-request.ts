import { z } from '@hono/zod-openapi'
import { invalidRequest, toInvalidRequest } from '../problem.ts'
import { type Limits, textList } from '../schema.ts'
import { readStrings, toText } from './v2-strings.ts'

/** The tensors that the model gives, in the order in which they are sent. */
const OUTPUTS = ['label', 'score', 'probabilities'] as const

const size = (message: string) => z.int(message).min(0, message)

const Input = z.object(
  {
    name: z.string('Must be a string.'),
    datatype: z.literal('BYTES', 'Must be BYTES: the model takes texts.'),
    shape: z.array(size('Must be an integer of at least 0.'), 'Must be a list of integers.').max(8),
    parameters: z
      .object({
        binary_data_size: size('Must be a number of bytes.').optional(),
        content_type: z.literal('str', 'Must be str: the model takes texts as they are.').nullish(),
      })
      .nullish(),
    data: z.union([z.array(z.unknown()), z.string()], 'Must be a list of strings.').optional(),
  },
  'Must be a tensor.',
)

const Output = z.object(
  {
    name: z.enum(OUTPUTS, `Must be one of ${OUTPUTS.join(', ')}.`),
    parameters: z
      .object({
        binary_data: z.boolean('Must be true or false.').optional(),
        classification: size('Must be a number of classes.').optional(),
      })
      .nullish(),
  },
  'Must be an output.',
)

const ONE_TENSOR = 'Must be one tensor: the texts.'

/** The JSON of an inference request; other fields and parameters are ignored, as the protocol has it. */
export const V2Request = z
  .object({
    id: z.string('Must be a string.').nullish(),
    parameters: z
      .object({
        binary_data_output: z.boolean('Must be true or false.').optional(),
        truncate: z.boolean('Must be true or false.').optional(),
      })
      .nullish(),
    inputs: z.array(Input, ONE_TENSOR).length(1, ONE_TENSOR),
    outputs: z.array(Output, 'Must be a list of outputs.').max(8).nullish(),
  })
  .openapi('V2Request', {
    example: {
      id: '42',
      inputs: [{ name: 'text', shape: [2], datatype: 'BYTES', data: ['example 1', 'example 2'] }],
      outputs: [{ name: 'label' }, { name: 'probabilities' }],
    },
  })

type Input = z.infer<typeof Input>
type Output = z.infer<typeof Output>

/** An output as a client wants it. */
export interface WantedOutput {
  readonly name: (typeof OUTPUTS)[number]
  readonly isBinary: boolean
  /** So many classes, the likeliest first, in place of the tensor; 0: the tensor. */
  readonly classes: number
}

export interface V2Asked {
  readonly id: string | undefined
  readonly texts: readonly string[]
  readonly truncate: boolean
  readonly outputs: readonly WantedOutput[]
}

const EXAMPLE =
  '{"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["example"]}]}'

/**
 * A function that reads an inference request: its JSON, or undefined if there is none, and the bytes
 * that follow it. Throws `invalid_request`.
 */
export function createV2Reader(limits: Limits) {
  const list = z.object({ inputs: z.tuple([z.object({ data: textList(limits) })]) })
  const checked = (data: readonly unknown[]): readonly string[] => {
    const result = list.safeParse({ inputs: [{ data }] })
    if (!result.success) throw toInvalidRequest(result.error, EXAMPLE)
    return result.data.inputs[0].data
  }

  const textsOf = (input: Input, bytes: Uint8Array): readonly string[] => {
    const count = countOf(input)
    if (count > limits.maxTexts) throw wrong('.shape', `More than ${limits.maxTexts} texts.`)
    const size = input.parameters?.binary_data_size
    if ((size ?? 0) !== bytes.byteLength) {
      throw wrong(
        '.parameters.binary_data_size',
        `Must be ${bytes.byteLength}: so many bytes follow.`,
      )
    }
    return checked(size === undefined ? listOf(input, count) : readStrings(bytes, count))
  }

  return (json: unknown, bytes: Uint8Array): V2Asked => {
    if (json === undefined) return { texts: checked([toText(bytes)]), ...RAW }
    const result = V2Request.safeParse(json)
    if (!result.success) throw toInvalidRequest(result.error, EXAMPLE)
    const { id, parameters, inputs, outputs } = result.data
    return {
      id: id ?? undefined,
      texts: inputs.flatMap((input) => textsOf(input, bytes)),
      truncate: parameters?.truncate ?? true,
      outputs: wanted(outputs ?? [], parameters?.binary_data_output ?? false),
    }
  }
}

/** Texts of a tensor, by its shape alone. */
function countOf({ shape }: Input): number {
  const others = shape.filter((size) => size !== 1)
  if (others.length > 1) throw wrong('.shape', 'Must have at most one dimension other than 1.')
  return others[0] ?? 1
}

/** The elements of a tensor, which may be nested by its shape or not. */
function listOf({ data }: Input, count: number): readonly unknown[] {
  if (data === undefined) throw wrong('.data', 'Must be a list of strings.')
  const list = flat(data)
  if (list.length !== count) {
    throw wrong('.shape', `Must be of as many texts as there are: ${list.length}.`)
  }
  return list
}

const flat = (data: unknown): readonly unknown[] =>
  Array.isArray(data) ? data.flatMap(flat) : [data]

const wrong = (path: string, message: string) =>
  invalidRequest([{ path: `inputs[0]${path}`, message }])

/** All of them if none is named. */
function wanted(named: readonly Output[], binary: boolean): readonly WantedOutput[] {
  const outputs: readonly Output[] = named.length > 0 ? named : OUTPUTS.map((name) => ({ name }))
  return outputs.map(({ name, parameters }, i) => {
    const classes = parameters?.classification ?? 0
    if (classes > 0 && name !== 'probabilities') {
      const path = `outputs[${i}].parameters.classification`
      throw invalidRequest([{ path, message: 'Only probabilities have classes.' }])
    }
    return { name, isBinary: parameters?.binary_data ?? binary, classes }
  })
}

/** A request without JSON is one text, and wants everything as bytes. */
const RAW = { id: undefined, truncate: true, outputs: wanted([], true) }
