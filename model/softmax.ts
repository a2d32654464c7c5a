/**
 * Softmax of one row of logits. The maximum is subtracted first, so that no exponential overflows.
 */
export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits)
  const exponents = logits.map((logit) => Math.exp(logit - largest))
  const sum = exponents.reduce((total, exponent) => total + exponent, 0)
  return exponents.map((exponent) => exponent / sum)
}
