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

/** The winning label's class id: the first of the highest scores. */
export function indexOfHighest(scores: readonly number[]): number {
  let winner = 0
  for (let i = 1; i < scores.length; i++) {
    if ((scores[i] ?? 0) > (scores[winner] ?? 0)) winner = i
  }
  return winner
}
