const form = document.querySelector('#form')
const texts = document.querySelector('#texts')
const button = form.querySelector('button')
const status = document.querySelector('#status')
const answers = document.querySelector('#answers')
const access = document.querySelector('#access')
const key = document.querySelector('#key')

const KEY = 'polarity-api-key'
key.value = tab((storage) => storage.getItem(KEY)) ?? ''
access.open = key.value !== ''

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  button.disabled = true
  try {
    await classify(texts.value.split('\n').filter((line) => line.trim() !== ''))
  } catch {
    show('The service could not be reached.', true)
  } finally {
    button.disabled = false
  }
})

/** Sends the texts and shows the predictions, or the service's error message. */
async function classify(text) {
  const response = await fetch('/predict', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...keyHeader() },
    body: JSON.stringify({ text }),
  })
  // A gateway may answer with a page of its own.
  const body = await response.json().catch(() => ({}))
  if (!response.ok) return refuse(response, body)

  key.removeAttribute('aria-invalid')
  const cut = response.headers.get('x-truncated')
  const note = cut ? ` Truncated texts: ${cut}.` : ''
  show(`Cache: ${response.headers.get('x-cache')}. ${toTotal(response)}${note}`, false)
  answers.replaceChildren(...body.predictions.map((scores, i) => toRow(text[i], scores)))
}

/** Uses what is stored for this tab, and gone with it; a browser may forbid even that. */
function tab(use) {
  try {
    return use(sessionStorage)
  } catch {
    return undefined
  }
}

/** The key as a header, if there is one, and remembered for this tab. */
function keyHeader() {
  const value = key.value.trim()
  tab((storage) => (value === '' ? storage.removeItem(KEY) : storage.setItem(KEY, value)))
  // A header has room for these characters alone; what holds others is no key here.
  return /^[\x21-\x7e]+$/.test(value) ? { 'x-api-key': value } : {}
}

/** Says why there are no answers, and what to do about it. */
function refuse(response, body) {
  const detail = body.detail ?? `The service answered ${response.status}.`
  show(toAdvice(response) ?? toMessage({ ...body, detail }), true)
  if (response.status !== 401) return
  access.open = true
  key.setAttribute('aria-invalid', 'true')
  key.focus()
}

function toAdvice({ status, headers }) {
  if (status === 401) {
    return key.value.trim() === ''
      ? 'This service asks for an API key: enter yours, then classify again.'
      : 'This service does not know that API key: it may be mistyped, or no longer in use.'
  }
  if (status !== 429) return undefined
  const seconds = Number(headers.get('retry-after'))
  const wait = seconds > 1 ? `${seconds} seconds` : 'a second'
  return `Too many texts at once, or in the last minute: try again in ${wait}.`
}

function show(message, failed) {
  status.textContent = message
  status.classList.toggle('error', failed)
  if (failed) answers.replaceChildren()
}

function toMessage({ detail, errors = [] }) {
  return [detail, ...errors.map(({ path, message }) => `${path}: ${message}`)].join(' ')
}

function toTotal(response) {
  const total = /total;dur=([\d.]+)/.exec(response.headers.get('server-timing') ?? '')
  return total ? `${Number(total[1]).toFixed(1)} ms.` : ''
}

/** One text with its winning label and score. Texts are inserted as text nodes, never as HTML. */
function toRow(text, scores) {
  const { label, score } = scores.reduce((a, b) => (b.score > a.score ? b : a))
  const row = document.createElement('li')
  row.className = label.toLowerCase()

  const winner = document.createElement('strong')
  winner.textContent = label
  const bar = document.createElement('meter')
  bar.value = score
  bar.textContent = score.toFixed(3)
  row.append(winner, ' ', bar, ` ${(score * 100).toFixed(1)} % `, text)
  return row
}
