/** @import { Example } from './examples.js' */
/** @import { Info } from './info.js' */
/** @import { Shown } from './answers.js' */
import { adviceOn } from './advice.js'
import { Answers } from './answers.js'
import { Asker } from './asker.js'
import { copy, createCodePanel } from './code-panel.js'
import { find, makeButton, say } from './elements.js'
import { EXAMPLES, verdictOn } from './examples.js'
import { FilePanel } from './file-panel.js'
import { createHistory } from './history-list.js'
import { loadInfo } from './info.js'
import { createKeyField } from './key-field.js'
import { showLegend } from './legend.js'
import { Live } from './live.js'
import { isUnauthorized } from './service.js'
import { fromFragment, toFragment } from './share.js'
import { verdictOf } from './verdict.js'

/** Between the last key and the request. */
const PAUSE_MS = 250

const field = find('texts', HTMLTextAreaElement)
const asType = find('live', HTMLInputElement)
const status = find('status', HTMLSpanElement)
const took = find('took', HTMLSpanElement)
const legend = find('legend', HTMLDivElement)
const note = find('example-note', HTMLParagraphElement)
const shareNote = find('share-note', HTMLParagraphElement)

/** Whether somebody wants the answer, rather than the page by itself. */
let isAsked = false
/** @type {Example | undefined} */
let example

const key = createKeyField(() => ask())
const asker = new Asker({ key: () => key.value, onWait: countDown })
const live = new Live(asker, { show, say: tell, fail, accept: () => key.accept() })
const answers = new Answers(find('answers', HTMLOListElement), {
  explain: (text) => void live.explain(text),
  findEnd: (text) => void showEnd(text),
})
const code = createCodePanel({ texts: () => live.texts, keyed: () => key.value !== '' })
const past = createHistory((texts) => fill(texts))
new FilePanel({ key, info: () => live.info })

/**
 * @param {readonly Shown[]} rows
 * @param {Info} info
 */
function show(rows, info) {
  answers.show(rows, info)
  showLegend(legend, rows.length > 0 ? info : undefined)
  code.show()
  const answer = rows.length === 1 ? rows[0]?.answer : undefined
  const { label = '' } = answer ? verdictOf(answer.scores, undefined) : {}
  const words = example && label ? verdictOn(example, label) : ''
  say(note, words)
  note.hidden = words === ''
}

/** @param {string} text */
async function showEnd(text) {
  await live.findEnd(text)
  // The row has the focus that its button had.
  document.activeElement?.querySelector('.cut')?.scrollIntoView({ block: 'center' })
}

/**
 * @param {string} message
 * @param {number} [milliseconds]
 */
function tell(message, milliseconds) {
  say(status, message)
  took.textContent = milliseconds === undefined ? '' : `${milliseconds.toFixed(1)} ms`
}

/**
 * The sentence stays, so that it is read out once.
 *
 * @param {string} message
 * @param {number} secondsLeft
 */
function countDown(message, secondsLeft) {
  say(status, message)
  took.textContent = `${secondsLeft} s`
}

/** @param {unknown} error */
function fail(error) {
  took.textContent = ''
  say(status, adviceOn(error, { hasKey: key.value !== '', online: navigator.onLine }), true)
  if (isUnauthorized(error)) key.refuse({ focus: isAsked })
}

/** Answers at once, because somebody asked. */
function ask() {
  isAsked = true
  past.add(field.value)
  void live.run(field.value)
}

/**
 * @param {string} texts
 * @param {Example} [from]
 */
function fill(texts, from) {
  past.add(field.value)
  field.value = texts
  example = from
  leaveLink()
  void live.run(texts)
  field.focus()
}

/** The address no longer stands for what is in the field. */
function leaveLink() {
  say(shareNote, '')
  if (location.hash !== '') history.replaceState(null, '', location.pathname)
}

/** Takes the texts of a link, if it has any. */
function followLink() {
  const texts = fromFragment(location.hash)
  if (texts.length === 0) return
  example = undefined
  field.value = texts.join('\n')
}

async function share() {
  const fragment = toFragment(live.texts)
  if (fragment === undefined) return say(shareNote, 'These texts are too long for a link.', true)
  const link = `${location.origin}${location.pathname}${fragment}`
  if (await copy(link))
    return say(shareNote, 'Copied. The texts are in the link itself, and stored nowhere.')
  history.replaceState(null, '', fragment)
  return say(shareNote, 'The link is in the address bar: copy it from there.')
}

function listen() {
  find('form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault()
    ask()
  })
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    ask()
  })
  field.addEventListener('input', (event) => {
    example = undefined
    leaveLink()
    const isComposing = event instanceof InputEvent && event.isComposing
    if (asType.checked && !isComposing) void live.run(field.value, PAUSE_MS)
  })
  field.addEventListener('compositionend', () => {
    if (asType.checked) void live.run(field.value, PAUSE_MS)
  })
  field.addEventListener('change', () => past.add(field.value))
  asType.addEventListener('change', () => {
    if (asType.checked) void live.run(field.value)
  })
  find('share', HTMLButtonElement).addEventListener('click', () => void share())
  addEventListener('hashchange', () => {
    followLink()
    void live.run(field.value)
  })
  addEventListener('online', () => void live.run(field.value))
  addEventListener('offline', () => fail(new TypeError('offline')))
}

function addExamples() {
  const place = find('examples', HTMLFieldSetElement)
  for (const one of EXAMPLES) {
    place.append(makeButton(one.name, () => fill(one.text, one)))
  }
}

async function start() {
  listen()
  addExamples()
  followLink()
  live.info = await loadInfo()
  const { limits, labels, maxTokens, explains } = live.info
  document.documentElement.classList.toggle('without-reasons', !explains)
  find('limits', HTMLParagraphElement).textContent = [
    limits,
    labels.length > 0 && `Labels: ${labels.join(', ')}.`,
    `It reads up to ${maxTokens} tokens of a text, some ${Math.round(maxTokens / 66) * 50} words.`,
  ]
    .filter(Boolean)
    .join(' ')
  await live.run(field.value)
}

await start()
