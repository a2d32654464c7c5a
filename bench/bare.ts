import { Hono } from 'hono'

interface Body {
  readonly text: readonly string[]
}

/** A minimal route with the same JSON response: no validation, cache, headers, metrics or log. */
export const bare = new Hono().post('/predict', async (c) => {
  const { text } = await c.req.json<Body>()
  return c.json({
    predictions: text.map(() => [
      { label: 'NEGATIVE', score: 0.9576018877270872 },
      { label: 'POSITIVE', score: 0.0423981122729128 },
    ]),
  })
})
