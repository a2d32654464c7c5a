/** @import { Info } from './info.js' */
import { adviceOn } from './advice.js'
import { Asker } from './asker.js'
import { find, make, say } from './elements.js'
import { FileRun } from './file-run.js'
import { mayPass } from './patience.js'
import { isUnauthorized } from './service.js'
import { firstRows, guessColumn, isTable, rowsOf } from './table.js'
import { several } from './verdict.js'

/** A pod may be replaced meanwhile: it is tried for some minutes. */
const TRIES = 10
/** Rows by which the column is guessed. */
const FIRST = 20

/**
 * @typedef {object} Context
 * @property {{ readonly value: string, refuse: (options: { focus: boolean }) => void }} key
 * @property {() => Info} info
 */

/** Classifies the rows of a file that is chosen or dropped. */
export class FilePanel {
  #input = find('file', HTMLInputElement)
  #drop = find('drop', HTMLDivElement)
  #options = find('file-options', HTMLDivElement)
  #column = find('column', HTMLSelectElement)
  #header = find('header', HTMLInputElement)
  #safe = find('safe', HTMLInputElement)
  #running = find('file-run', HTMLDivElement)
  #progress = find('progress', HTMLProgressElement)
  #count = find('rows-done', HTMLSpanElement)
  #status = find('file-status', HTMLParagraphElement)
  #done = find('file-done', HTMLParagraphElement)
  #download = find('download', HTMLAnchorElement)
  #stop = new AbortController()
  /** @type {File | undefined} */
  #file
  #context

  /** @param {Context} context */
  constructor(context) {
    this.#context = context
    this.#input.addEventListener('change', () => void this.#choose(this.#input.files?.[0]))
    this.#header.addEventListener('change', () => void this.#choose(this.#file))
    find('start', HTMLButtonElement).addEventListener('click', () => void this.#start())
    find('stop', HTMLButtonElement).addEventListener('click', () => this.#stop.abort())
    for (const name of ['dragover', 'drop', 'dragleave', 'dragend']) {
      this.#drop.addEventListener(name, (event) => this.#drag(event))
    }
    addEventListener('beforeunload', (event) => {
      if (!this.#running.hidden) event.preventDefault()
    })
  }

  /** @param {Event} event */
  #drag(event) {
    if (!(event instanceof DragEvent)) return
    event.preventDefault()
    this.#drop.classList.toggle('over', event.type === 'dragover')
    if (event.type === 'drop') void this.#choose(event.dataTransfer?.files[0])
  }

  /**
   * Shows the columns of a file.
   *
   * @param {File | undefined} file
   */
  async #choose(file) {
    if (!file || !this.#running.hidden) return
    if (file !== this.#file) this.#header.checked = isTable(file.name)
    this.#file = file
    this.#done.hidden = true
    this.#options.hidden = true
    try {
      const rows = await firstRows(file, FIRST)
      const [first = []] = rows
      if (first.length === 0) return say(this.#status, `${file.name} is empty.`, true)
      this.#offer(first, guessColumn(rows))
      say(this.#status, `${file.name}, ${toSize(file.size)}: ${several(first.length, 'column')}.`)
    } catch (error) {
      say(this.#status, this.#adviceOn(error), true)
    }
  }

  /**
   * @param {readonly string[]} cells
   * @param {number} chosen
   */
  #offer(cells, chosen) {
    const options = cells.map((cell, i) => {
      const name = this.#header.checked && cell !== '' ? cell : `Column ${i + 1}`
      return make('option', { value: String(i) }, [name])
    })
    this.#column.replaceChildren(...options)
    this.#column.selectedIndex = chosen
    this.#options.hidden = false
  }

  async #start() {
    const file = this.#file
    if (!file) return
    this.#stop = new AbortController()
    const run = this.#createRun(file, this.#stop.signal)
    this.#options.hidden = true
    this.#done.hidden = true
    this.#running.hidden = false
    this.#progress.value = 0
    this.#count.textContent = ''
    say(this.#status, `Classifying ${file.name} …`)
    find('stop', HTMLButtonElement).focus()
    try {
      await run.run()
      say(this.#status, `${several(run.rows, 'row')}: ${run.tally}.`)
    } catch (error) {
      this.#fail(error, run)
    } finally {
      this.#running.hidden = true
      this.#options.hidden = false
      this.#offerDownload(file, run)
    }
  }

  /**
   * @param {File} file
   * @param {AbortSignal} signal
   */
  #createRun(file, signal) {
    const { key, info } = this.#context
    const asker = new Asker({
      key: () => key.value,
      onWait: (message, left) => {
        say(this.#status, message)
        this.#count.textContent = `${several(run.rows, 'row')} done, ${left} s`
      },
    })
    const run = new FileRun({
      rows: rowsOf(file),
      column: this.#column.selectedIndex,
      header: this.#header.checked,
      safe: this.#safe.checked,
      info: info(),
      ask: async (texts) =>
        (await asker.each(texts, signal, { most: TRIES, passes: mayPass })).outcomes,
      onProgress: ({ rows, bytes }) => {
        this.#progress.value = bytes / file.size
        this.#count.textContent = `${several(rows, 'row')} done`
      },
    })
    return run
  }

  /**
   * @param {unknown} error
   * @param {FileRun} run
   */
  #fail(error, run) {
    const done = `${several(run.rows, 'row')} were done: ${run.tally}.`
    if (this.#stop.signal.aborted) {
      say(this.#status, `Stopped. ${done}`)
      return
    }
    say(this.#status, `${this.#adviceOn(error)} ${done}`, true)
    if (isUnauthorized(error)) this.#context.key.refuse({ focus: true })
  }

  /** @param {unknown} error */
  #adviceOn(error) {
    return adviceOn(error, {
      hasKey: this.#context.key.value !== '',
      online: navigator.onLine,
    })
  }

  /**
   * @param {File} file
   * @param {FileRun} run
   */
  #offerDownload(file, run) {
    URL.revokeObjectURL(this.#download.href)
    if (run.rows === 0) return this.#focusOn(find('start', HTMLButtonElement))
    const blob = new Blob(run.parts, { type: 'text/csv;charset=utf-8' })
    this.#download.href = URL.createObjectURL(blob)
    this.#download.download = `${file.name.replace(/\.\w+$/, '')}.polarity.csv`
    this.#download.textContent = `Download ${this.#download.download}`
    this.#done.hidden = false
    return this.#focusOn(this.#download)
  }

  /**
   * The button that was in its place is hidden now.
   *
   * @param {HTMLElement} element
   */
  #focusOn(element) {
    if (
      document.activeElement === document.body ||
      this.#running.contains(document.activeElement)
    ) {
      element.focus()
    }
  }
}

/** @param {number} bytes */
const toSize = (bytes) =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
