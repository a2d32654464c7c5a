/**
 * A function that writes the scores of a text as JSON, as an answer has them: every label with its
 * score, in class-id order.
 */
export function createScoresWriter(labels: readonly string[]) {
  const beginnings = labels.map((label) => `{"label":${JSON.stringify(label)},"score":`)
  return (scores: readonly number[]): string =>
    `[${beginnings.map((beginning, i) => `${beginning}${JSON.stringify(scores[i])}}`).join(',')}]`
}
