import { z } from '@hono/zod-openapi'

/** What a model's folder says of the model. */
export interface Card {
  /** Markdown. */
  readonly markdown: string
  /** SVG by the name that the card has for it. */
  readonly pictures: ReadonlyMap<string, string>
}

/** Where a picture of a card is served. */
export const picturePath = (name: string): string => `/web/card-${name}`

/** What programs need of a card. */
export const CardFacts = z
  .object({
    unsure: z
      .array(z.number())
      .length(2)
      .nullable()
      .openapi({
        description: 'Scores of the last of two labels between which an answer is unsure.',
        example: [0.25, 0.75],
      }),
    limits: z.string().nullable(),
  })
  .nullable()
  .openapi({ description: 'What programs need of `GET /model`; null where the model has no card.' })
