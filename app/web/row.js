/** @import { Answer, Explanation } from './service.js' */
/** @import { Info } from './info.js' */
/** @import { Actions, Shown } from './answers.js' */
/** @import { Segment } from './segments.js' */
import { make, makeButton } from './elements.js'
import { toScale } from './scale.js'
import { splitAt, strongestOf, toSegments } from './segments.js'
import { toPoints } from './verdict.js'

/** Longer texts scroll in their row. */
const LONG_CHARS = 600
const WORDS_IN_WORDS = 4

/**
 * One text with its answer, or why there is none.
 *
 * @param {Shown} shown
 * @param {Info} info
 * @param {Actions} actions
 */
export function toRow(shown, info, actions) {
  const { line, answer, problem } = shown
  const reading = make('div', { class: 'reading' }, [toText(shown)])
  const row = make('li', { class: 'row' }, [reading])
  if (problem !== undefined) {
    reading.append(make('p', { class: 'error' }, [`Line ${line.number}: ${problem}`]))
    return row
  }
  row.append(answer ? toScale(answer, info) : make('div', { class: 'pending' }))
  if (!answer) return row
  if (answer.truncated) reading.append(toCutNote(shown, info, actions))
  reading.append(toReason(shown, answer, { info, actions }))
  return row
}

/** @param {Shown} shown */
function toText({ line, answer, readTo }) {
  const segments = toSegments(line.text, answer?.explanation?.words ?? [])
  const [read, unread] = splitAt(segments, readTo ?? line.text.length)
  const text = make('p', { class: 'text', dir: 'auto' }, read.map(toMark))
  if (readTo !== undefined) {
    text.append(
      make('span', { class: 'cut' }, [' reading ends here ']),
      make('span', { class: 'unread' }, unread.map(toMark)),
    )
  }
  if (line.text.length > LONG_CHARS) {
    text.tabIndex = 0
    text.setAttribute('role', 'group')
    text.setAttribute('aria-label', `Text of line ${line.number}`)
  }
  return text
}

/** @param {Segment} segment */
function toMark({ text, push, strength }) {
  if (strength === 0) return text
  const side = push > 0 ? 'up' : 'down'
  const mark = make('mark', { class: `${side} strength-${strength}` }, [text])
  mark.title = toPoints(push)
  return mark
}

/**
 * @param {Shown} shown
 * @param {Info} info
 * @param {Actions} actions
 */
function toCutNote({ line, readTo }, { maxTokens, longTexts }, actions) {
  const note = make('p', { class: 'cut-note' })
  if (longTexts === 'window') {
    note.append(`Longer than two times ${maxTokens} tokens: the middle was not read.`)
    return note
  }
  note.append(`Longer than ${maxTokens} tokens: the end was not read. `)
  if (readTo === undefined) {
    note.append(makeButton('Show where reading ends', () => actions.findEnd(line.text)))
  }
  return note
}

/**
 * @param {Shown} shown
 * @param {Answer} answer
 * @param {{ info: Info, actions: Actions }} context
 */
function toReason({ line, noReason, offersReason }, { explanation }, { info, actions }) {
  if (explanation) return make('p', { class: 'reason' }, toWords(explanation))
  if (noReason) return make('p', { class: 'reason' }, ['Too long to say why.'])
  if (!info.explains) return ''
  // Its place is kept, so that nothing moves when it comes.
  if (!offersReason) return make('p', { class: 'reason' }, ['\u00a0'])
  const button = makeButton('Why?', () => actions.explain(line.text))
  button.setAttribute('aria-label', `Why? Line ${line.number}`)
  return make('p', { class: 'reason' }, [button])
}

/**
 * @param {Explanation} explanation
 * @returns {(Node | string)[]}
 */
function toWords({ label, words }) {
  const strongest = strongestOf(words, WORDS_IN_WORDS)
  if (strongest.length === 0) return ['No single word decides.']
  const told = strongest.map(({ text, push }) =>
    make('span', { class: `push ${push > 0 ? 'up' : 'down'}` }, [
      make('bdi', {}, [text]),
      '\u00a0',
      make('b', {}, [toPoints(push)]),
    ]),
  )
  return [make('span', { class: 'hidden' }, [`Points of ${label} by word: `]), ...withGaps(told)]
}

/** @param {readonly Node[]} nodes */
const withGaps = (nodes) => nodes.flatMap((node, i) => (i === 0 ? [node] : [', ', node]))
