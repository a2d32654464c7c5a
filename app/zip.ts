/** Pairs up two lists. Throws if their lengths differ, which is a bug in the caller. */
export function zip<A, B>(left: readonly A[], right: readonly B[]): [A, B][] {
  if (left.length !== right.length) {
    throw new Error(`Expected ${left.length} items, got ${right.length}.`)
  }
  return left.map((item, i) => [item, right[i] as B])
}
