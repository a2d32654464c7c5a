// Searches the rows of the page, and shows of each list its first rows until more are asked for.

const FIRST_ROWS = 10

const field = document.querySelector('#search')
const found = document.querySelector('#found')
const sample = document.querySelector('details.sample')
const rows = [...document.querySelectorAll('table.rows tbody tr')]

/** Without case, accents and other marks. */
const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const plainTexts = new Map()
const plainTextOf = (row) => {
  if (!plainTexts.has(row)) plainTexts.set(row, plain(row.textContent))
  return plainTexts.get(row)
}

const search = () => {
  const words = plain(field.value).split(/\s+/).filter(Boolean)
  document.body.classList.toggle('searching', words.length > 0)
  // A row may stand in a list and in the sample.
  const lines = new Set()
  for (const row of rows) {
    row.hidden = !words.every((word) => plainTextOf(row).includes(word))
    if (!row.hidden) lines.add(row.dataset.line)
  }
  for (const list of document.querySelectorAll('.list')) {
    list.hidden = words.length > 0 && !list.querySelector('tbody tr:not([hidden])')
  }
  if (words.length > 0) sample.open = !sample.hidden
  found.textContent = words.length > 0 ? `Found: ${lines.size.toLocaleString('en')}` : ''
}

const fold = (table) => {
  const count = table.tBodies[0].rows.length
  if (count <= FIRST_ROWS || sample.contains(table)) return
  const button = document.createElement('button')
  button.type = 'button'
  button.setAttribute('aria-controls', table.id)
  const show = (all) => {
    table.classList.toggle('short', !all)
    button.setAttribute('aria-expanded', String(all))
    button.textContent = all ? `Show the first ${FIRST_ROWS}` : `Show all ${count}`
  }
  show(false)
  button.addEventListener('click', () => show(table.classList.contains('short')))
  table.after(button)
}

if (field) {
  for (const table of document.querySelectorAll('table.rows')) fold(table)
  field.addEventListener('input', search)
  field.closest('[role=search]').hidden = false
}
