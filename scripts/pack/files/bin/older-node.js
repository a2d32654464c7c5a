// What the language has gained since Node 20 and the sources use. On a newer Node, and on Bun, it adds nothing.

Promise.withResolvers ??= function withResolvers() {
  const deferred = {}
  deferred.promise = new this((resolve, reject) => Object.assign(deferred, { resolve, reject }))
  return deferred
}

Map.groupBy ??= (items, keyOf) => {
  const groups = new Map()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** What every iterator of the language inherits from. */
const iterators = Object.getPrototypeOf(Object.getPrototypeOf([].values()))

iterators.take ??= function* take(limit) {
  for (let left = limit; left > 0; left--) {
    const { value, done } = this.next()
    if (done) return
    yield value
  }
}
