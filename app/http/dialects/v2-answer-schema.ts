import { z } from '@hono/zod-openapi'

const TensorMetadata = z
  .object({ name: z.string(), datatype: z.enum(['BYTES', 'FP32']), shape: z.array(z.int()) })
  .openapi('V2TensorMetadata')

export const ModelMetadata = z
  .object({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: z.array(TensorMetadata),
    outputs: z.array(TensorMetadata),
  })
  .openapi('V2Model')

const Tensor = z
  .object({
    name: z.string(),
    datatype: z.enum(['BYTES', 'FP32']),
    shape: z.array(z.int()),
    parameters: z.object({ binary_data_size: z.int() }).optional(),
    data: z.array(z.union([z.string(), z.number()])).optional(),
  })
  .openapi('V2Tensor')

export const V2Response = z
  .object({
    id: z.string().optional(),
    model_name: z.string(),
    model_version: z.string(),
    outputs: z.array(Tensor),
  })
  .openapi('V2Response', {
    example: {
      id: '42',
      model_name: 'sst2-minilm',
      model_version: '1',
      outputs: [{ name: 'label', datatype: 'BYTES', shape: [1], data: ['POSITIVE'] }],
    },
  })

export const Index = z.array(
  z.object({ name: z.string(), version: z.string(), state: z.string(), reason: z.string() }),
)
export const Stats = z.object({ model_stats: z.array(z.looseObject({ name: z.string() })) })
export const Config = z.looseObject({ name: z.string() })
export const Server = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
})
