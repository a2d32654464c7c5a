const form = document.querySelector('#form')
const texts = document.querySelector('#texts')
const button = form.querySelector('button')
const status = document.querySelector('#status')
const answers = document.querySelector('#answers')

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
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  const body = await response.json()
  if (!response.ok) return show(toMessage(body), true)

  const cut = response.headers.get('x-truncated')
  const note = cut ? ` Truncated texts: ${cut}.` : ''
  show(`Cache: ${response.headers.get('x-cache')}. ${toTotal(response)}${note}`, false)
  answers.replaceChildren(...body.predictions.map((scores, i) => toRow(text[i], scores)))
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
