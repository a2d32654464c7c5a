/** @import { Answer, LabelScore } from './service.js' */
/** @import { Info, Range } from './info.js' */
/** @import { Verdict } from './verdict.js' */
import { make } from './elements.js'
import { toPercent, verdictOf } from './verdict.js'

/**
 * An answer as words and as a place on the scale, which only repeats the words.
 *
 * @param {Answer} answer
 * @param {Pick<Info, 'unsure'>} info
 */
export function toScale({ scores }, { unsure }) {
  const verdict = verdictOf(scores, unsure)
  const { position } = verdict
  const place = make('div', { class: 'answer', dir: 'ltr', 'data-side': verdict.side }, [
    ...toTitle(verdict),
  ])
  if (position === undefined) place.append(toBars(scores))
  else place.append(toTrack({ unsure, position }))
  return place
}

/** @param {Verdict} verdict */
function toTitle({ label, score, side }) {
  if (side !== 'unsure') {
    return [
      make('strong', {}, [label]),
      ' ',
      make('span', { class: 'percent' }, [toPercent(score)]),
    ]
  }
  return [
    make('strong', {}, ['Unsure']),
    ' ',
    make('span', { class: 'percent' }, [`${toPercent(score)} ${label}`]),
  ]
}

/**
 * A line from the first label to the last, with the unsure middle.
 *
 * @param {{ unsure: Range | undefined, position?: number }} place
 */
export function toTrack({ unsure, position }) {
  const track = make('div', { class: 'track', 'aria-hidden': 'true' })
  if (unsure) {
    const middle = make('span', { class: 'middle' })
    middle.style.left = `${unsure[0] * 100}%`
    middle.style.width = `${(unsure[1] - unsure[0]) * 100}%`
    track.append(middle)
  }
  if (position !== undefined) {
    const dot = make('span', { class: 'dot' })
    dot.style.left = `${position * 100}%`
    track.append(dot)
  }
  return track
}

/**
 * More than two labels are on no line: each has a bar.
 *
 * @param {readonly LabelScore[]} scores
 */
function toBars(scores) {
  const rows = scores.map(({ label, score }) => {
    const bar = make('span', { class: 'bar' })
    bar.style.width = `${score * 100}%`
    return make('li', {}, [
      make('span', { class: 'name' }, [label]),
      make('span', { class: 'whole', 'aria-hidden': 'true' }, [bar]),
      make('span', { class: 'percent' }, [toPercent(score)]),
    ])
  })
  return make('ul', { class: 'bars plain' }, rows)
}
