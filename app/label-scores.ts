/**
 * A function that writes the scores of a text as JSON, as an answer has them: every label with its
 * score, in class-id order. Scores that are strings are JSON already.
 */
export function createScoresWriter(labels: readonly string[]) {
  const beginnings = labels.map((label) => `{"label":${JSON.stringify(label)},"score":`)
  return (scores: readonly (number | string)[]): string =>
    `[${beginnings.map((beginning, i) => `${beginning}${jsonOf(scores[i])}}`).join(',')}]`
}

const jsonOf = (score: number | string | undefined) =>
  typeof score === 'string' ? score : JSON.stringify(score)
