import { find } from './elements.js'
import { recall, remember } from './tab-storage.js'

const NAME = 'polarity-api-key'

/**
 * The field for an API key.
 *
 * @param {() => void} onChange
 */
export function createKeyField(onChange) {
  const access = find('access', HTMLDetailsElement)
  const field = find('key', HTMLInputElement)
  field.value = recall(NAME)
  access.open = field.value !== ''
  field.addEventListener('change', onChange)

  return {
    get value() {
      return field.value.trim()
    },
    /** The service has taken it, or asks for none. */
    accept() {
      field.removeAttribute('aria-invalid')
      remember(NAME, field.value.trim())
    },
    /**
     * Shows that a key is missing or unknown.
     *
     * @param {{ focus: boolean }} options
     */
    refuse({ focus }) {
      access.open = true
      field.setAttribute('aria-invalid', 'true')
      if (focus) field.focus()
    },
  }
}
