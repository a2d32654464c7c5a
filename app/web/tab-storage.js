/**
 * What a tab remembers, and forgets when it is closed: on a machine that others use too, nothing stays.
 * A browser may forbid even that.
 *
 * @param {string} name
 * @returns {string}
 */
export function recall(name) {
  try {
    return sessionStorage.getItem(name) ?? ''
  } catch {
    return ''
  }
}

/**
 * @param {string} name
 * @param {string} value An empty one is forgotten.
 */
export function remember(name, value) {
  try {
    if (value === '') sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, value)
  } catch {
    // It is full or forbidden: the page works without.
  }
}
