/**
 * The element with an id. Throws if there is none of that kind.
 *
 * @template {Element} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function find(id, kind) {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`The page has no ${kind.name} #${id}.`)
}

/**
 * A new element. Strings among its children become text, never HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string>>} [attributes]
 * @param {readonly (Node | string)[]} [children]
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/**
 * A button of its own, which submits nothing.
 *
 * @param {string} text
 * @param {() => void} act
 */
export function makeButton(text, act) {
  const button = make('button', { type: 'button' }, [text])
  button.addEventListener('click', act)
  return button
}

/**
 * Says something to those who see and to those who listen; the same again is no news.
 *
 * @param {HTMLElement} place
 * @param {string} message
 * @param {boolean} [failed]
 */
export function say(place, message, failed = false) {
  place.classList.toggle('error', failed)
  if (place.textContent !== message) place.textContent = message
}
