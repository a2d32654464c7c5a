/** @import { Info } from './info.js' */
import { make } from './elements.js'
import { toTrack } from './scale.js'

/**
 * What the marks and the scale mean, for the labels of this model.
 *
 * @param {HTMLElement} place
 * @param {Info | undefined} info Undefined: there is nothing to explain.
 */
export function showLegend(place, info) {
  const parts = info ? toParts(info) : []
  place.replaceChildren(...parts)
  place.hidden = parts.length === 0
}

/** @param {Info} info */
function toParts({ labels, unsure, explains }) {
  const [first, last] = [labels[0] ?? '', labels.at(-1) ?? '']
  const parts = []
  if (explains) parts.push(toMarks(last, labels.length === 2 ? first : `others than ${last}`))
  if (labels.length === 2) {
    const middle = unsure
      ? `unsure ${unsure.map((score) => Math.round(score * 100)).join('–')} %`
      : ''
    parts.push(
      make('div', { class: 'answer', dir: 'ltr' }, [
        make('div', { class: 'ends' }, [
          make('span', { class: 'down' }, [first]),
          make('span', {}, [middle]),
          make('span', { class: 'up' }, [last]),
        ]),
        toTrack({ unsure }),
      ]),
    )
  }
  return parts
}

/**
 * @param {string} up
 * @param {string} down
 */
const toMarks = (up, down) =>
  make('p', { class: 'marks' }, [
    make('mark', { class: 'up strength-3' }, ['word']),
    ` adds to ${up} (+ points), `,
    make('mark', { class: 'down strength-3' }, ['word']),
    ` adds to ${down} (− points)`,
  ])
