/** Probabilities of one row of logits, summing to 1. The largest is subtracted first, so that no exponent overflows. */
export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits)
  const exponents = logits.map((logit) => Math.exp(logit - largest))
  const sum = exponents.reduce((total, exponent) => total + exponent, 0)
  return exponents.map((exponent) => exponent / sum)
}
