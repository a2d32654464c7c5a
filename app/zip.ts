/** Pairs two lists of one length, in order. A wrong length is a bug in whoever made them, and is thrown. */
export function zip<A, B>(left: readonly A[], right: readonly B[]): [A, B][] {
  if (left.length !== right.length) {
    throw new Error(`Expected ${left.length} items, got ${right.length}.`)
  }
  return left.map((item, i) => [item, right[i] as B])
}
