import { z } from '@hono/zod-openapi'
import type { Info } from '../schema.ts'

/** What Text Embeddings Inference says in `/info`, beside `version`. */
export const TeiInfo = z.object({
  model_id: z.string(),
  model_sha: z.string().nullable(),
  model_dtype: z.string(),
  served_model_name: z.string(),
  model_type: z.object({
    classifier: z.object({
      id2label: z.record(z.string(), z.string()),
      label2id: z.record(z.string(), z.number().int()),
    }),
  }),
  max_concurrent_requests: z.number().int().openapi({
    description: 'One for each token that may wait; the limits of the service are in `limits`.',
  }),
  max_input_length: z.number().int(),
  max_batch_tokens: z.number().int(),
  max_batch_requests: z.null(),
  max_client_batch_size: z.number().int(),
  auto_truncate: z.literal(true),
  tokenization_workers: z.literal(1),
  sha: z.null(),
  docker_label: z.null(),
})

export function toTeiInfo({ model, limits }: Info): z.infer<typeof TeiInfo> {
  const labels = [...model.labels.entries()]
  return {
    model_id: model.source,
    model_sha: model.revision,
    model_dtype: model.dtype,
    served_model_name: model.id,
    model_type: {
      classifier: {
        id2label: Object.fromEntries(labels),
        label2id: Object.fromEntries(labels.map(([id, label]) => [label, id])),
      },
    },
    max_concurrent_requests: limits.max_queue_tokens,
    max_input_length: model.max_tokens,
    max_batch_tokens: limits.max_batch_tokens,
    max_batch_requests: null,
    max_client_batch_size: limits.max_texts,
    auto_truncate: true,
    tokenization_workers: 1,
    sha: null,
    docker_label: null,
  }
}
