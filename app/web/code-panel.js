import { find, make, say } from './elements.js'
import { MOST_TEXTS, SNIPPETS } from './snippets.js'

/**
 * The request of this page as code.
 *
 * @param {{ texts: () => readonly string[], keyed: () => boolean }} request
 */
export function createCodePanel({ texts, keyed }) {
  const languages = find('languages', HTMLFieldSetElement)
  const place = find('snippet', HTMLPreElement)
  // It scrolls, by keyboard too.
  place.tabIndex = 0
  place.role = 'group'
  place.ariaLabel = 'The same request as code'
  const code = place.firstElementChild
  const note = find('copy-note', HTMLParagraphElement)
  let language = 'curl'

  const show = () => {
    const request = {
      texts: texts().slice(0, MOST_TEXTS),
      origin: location.origin,
      keyed: keyed(),
    }
    if (code) code.textContent = SNIPPETS[language]?.(request) ?? ''
    say(note, '')
  }
  for (const name of Object.keys(SNIPPETS)) {
    const radio = make('input', { type: 'radio', name: 'language', value: name })
    radio.checked = name === language
    radio.addEventListener('change', () => {
      language = name
      show()
    })
    languages.append(make('label', {}, [radio, ` ${name}`]))
  }
  find('copy', HTMLButtonElement).addEventListener('click', async () => {
    const copied = await copy(code?.textContent ?? '')
    say(note, copied ? 'Copied.' : 'The browser forbids copying: select the text instead.')
  })
  return { show }
}

/**
 * Whether it was copied: browsers allow it on HTTPS and localhost alone.
 *
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
