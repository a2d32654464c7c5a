import { Presets, SingleBar } from 'cli-progress'
import { badRows, type Counts } from './counts.ts'

interface RowProgress {
  /** `rowsBefore`: of earlier runs, which this one goes on from. */
  report(counts: Counts, share: number | undefined, rowsBefore: number): void
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
  let latest: Parameters<RowProgress['report']> | undefined
  const view = stream.isTTY ? barOn(stream) : linesOn(stream)
  const show = () => {
    if (!latest) return
    const [counts, share, rowsBefore] = latest
    const perSecond = ((counts.rows - rowsBefore) * 1000) / (performance.now() - startedAt)
    view.show(describe(counts, { name, perSecond, trouble: trouble() }), share)
  }
  const timer = setInterval(show, stream.isTTY ? BAR_MS : LINE_MS).unref()
  return {
    report(...report) {
      latest = report
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
  let bar: SingleBar | undefined
  return {
    show(rows, share) {
      if (!bar) {
        // A bar of an input whose size is unknown would stay empty.
        const format =
          share === undefined ? '{rows}' : '{bar} {percentage} %, {rows}{eta_formatted}'
        bar = new SingleBar({ format, formatTime: describeLeft, stream }, Presets.shades_classic)
        bar.start(STEPS, 0, { rows })
      }
      bar.update(Math.floor(Math.min(1, share ?? 0) * STEPS), { rows })
    },
    stop() {
      bar?.stop()
      bar = undefined
    },
  }
}

/** Seconds in words; nothing for what the library knows no number of: it says `INF` or `NULL` then. */
function describeLeft(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds === 0) return ''
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)]
  if (hours > 0) return `, ${hours} h ${minutes % 60} min left`
  return minutes > 0 ? `, ${minutes} min ${seconds % 60} s left` : `, ${seconds} s left`
}

const linesOn = (stream: NodeJS.WriteStream): View => ({
  show(rows, share) {
    const done = share === undefined ? '' : `${(100 * share).toFixed(1)} %, `
    stream.write(`${done}${rows}\n`)
  },
  stop() {},
})
