import { find, make, makeButton, say } from './elements.js'
import { readEntries, withEntry } from './past.js'
import { recall, remember } from './tab-storage.js'
import { several } from './verdict.js'

const NAME = 'polarity-history'

/**
 * What was tried in this tab, to be tried again.
 *
 * @param {(texts: string) => void} onChoice
 */
export function createHistory(onChoice) {
  const list = find('history', HTMLUListElement)
  const note = find('history-note', HTMLParagraphElement)
  const forget = find('forget', HTMLButtonElement)
  const empty = note.textContent ?? ''
  let entries = readEntries(recall(NAME))

  const show = () => {
    list.replaceChildren(...entries.map((entry) => make('li', {}, [toButton(entry, onChoice)])))
    forget.hidden = entries.length === 0
    if (entries.length > 0) say(note, 'Kept until the tab is closed, and sent nowhere else.')
  }
  forget.addEventListener('click', () => {
    entries = []
    remember(NAME, '')
    show()
    say(note, empty)
    // The button that had the focus is gone.
    note.tabIndex = -1
    note.focus()
  })
  show()

  return {
    /** @param {string} texts */
    add(texts) {
      if (texts.trim() === entries[0]) return
      entries = withEntry(entries, texts)
      remember(NAME, JSON.stringify(entries))
      show()
    },
  }
}

/**
 * @param {string} entry
 * @param {(texts: string) => void} onChoice
 */
function toButton(entry, onChoice) {
  const [first = '', ...others] = entry.split('\n')
  const button = makeButton('', () => onChoice(entry))
  button.className = 'past'
  button.append(make('bdi', {}, [first]))
  if (others.length > 0)
    button.append(make('small', {}, [` and ${several(others.length, 'line')}`]))
  return button
}
