import { Presets, SingleBar } from 'cli-progress'
import { badRows, type Counts } from './summary.ts'

interface RowProgress {
  report(counts: Counts, share: number | undefined): void
  stop(): void
}

interface ProgressOptions {
  /** Of one input among several. */
  readonly name: string
  /** What the rows wait for just now, if they do. */
  readonly trouble: () => string | undefined
}

/** Between two lines, where there is no terminal, in milliseconds. */
const LINE_MS = 10_000
const BAR_MS = 500

/** Steps of the bar. */
const STEPS = 1000

/** Shows how far a run is, also while nothing comes: a bar on a terminal, a line every ten seconds elsewhere. */
export function startRowProgress(
  stream: NodeJS.WriteStream,
  { name, trouble }: ProgressOptions,
): RowProgress {
  const startedAt = performance.now()
  let latest: { readonly counts: Counts; readonly share: number | undefined } | undefined
  /** Of earlier runs, which this one goes on from. */
  let before = 0
  const view = stream.isTTY ? barOn(stream) : linesOn(stream)
  const show = () => {
    if (!latest) return
    const { counts, share } = latest
    const perSecond = ((counts.rows - before) * 1000) / (performance.now() - startedAt)
    view.show(describe(counts, { name, perSecond, trouble: trouble() }), share)
  }
  const timer = setInterval(show, stream.isTTY ? BAR_MS : LINE_MS).unref()
  return {
    report(counts, share) {
      if (!latest) before = counts.rows
      latest = { counts, share }
    },
    stop() {
      clearInterval(timer)
      if (stream.isTTY) show()
      latest = undefined
      view.stop()
    },
  }
}

interface Described {
  readonly name: string
  readonly perSecond: number
  readonly trouble: string | undefined
}

const describe = (counts: Counts, { name, perSecond, trouble }: Described): string =>
  [
    `${name}${counts.rows.toLocaleString('en')} rows`,
    `${Math.round(perSecond).toLocaleString('en')} a second`,
    `${counts.cached.toLocaleString('en')} equal`,
    `${badRows(counts).toLocaleString('en')} bad`,
    `${counts.truncated.toLocaleString('en')} cut`,
    ...(trouble === undefined ? [] : [trouble]),
  ].join(', ')

interface View {
  show(rows: string, share: number | undefined): void
  stop(): void
}

function barOn(stream: NodeJS.WriteStream): View {
  const format = '{bar} {percentage} %, {rows}, {eta_formatted} left'
  const bar = new SingleBar({ format, stream }, Presets.shades_classic)
  let started = false
  return {
    show(rows, share = 0) {
      if (!started) bar.start(STEPS, 0, { rows })
      started = true
      bar.update(Math.floor(share * STEPS), { rows })
    },
    stop() {
      if (started) bar.stop()
      started = false
    },
  }
}

const linesOn = (stream: NodeJS.WriteStream): View => ({
  show(rows, share) {
    const done = share === undefined ? '' : `${(100 * share).toFixed(1)} %, `
    stream.write(`${done}${rows}\n`)
  },
  stop() {},
})
