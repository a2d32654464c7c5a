import { Presets, SingleBar } from 'cli-progress'
import { badRows, type Counts } from './summary.ts'

interface RowProgress {
  report(counts: Counts, share: number | undefined): void
  stop(): void
}

/** Between two lines, where there is no terminal, in milliseconds. */
const LINE_MS = 10_000

/** Steps of the bar. */
const STEPS = 1000

/** Shows how far a run is: a bar on a terminal, a line every ten seconds elsewhere. `name`: of one input among several. */
export function startRowProgress(stream: NodeJS.WriteStream, name: string): RowProgress {
  const startedAt = performance.now()
  /** Of earlier runs, which this one goes on from. */
  let before: number | undefined
  const describe = (counts: Counts) => {
    const rows = counts.rows - (before ?? 0)
    const perSecond = Math.round((rows * 1000) / (performance.now() - startedAt))
    return [
      `${name}${counts.rows.toLocaleString('en')} rows`,
      `${perSecond.toLocaleString('en')} a second`,
      `${counts.cached.toLocaleString('en')} equal`,
      `${badRows(counts).toLocaleString('en')} bad`,
      `${counts.truncated.toLocaleString('en')} cut`,
    ].join(', ')
  }
  const progress = stream.isTTY ? startBar(stream, describe) : startLines(stream, describe)
  return {
    report(counts, share) {
      before ??= counts.rows
      progress.report(counts, share)
    },
    stop: progress.stop,
  }
}

function startBar(stream: NodeJS.WriteStream, describe: (counts: Counts) => string): RowProgress {
  const format = '{bar} {percentage} %, {rows}, {eta_formatted} left'
  const bar = new SingleBar({ format, stream }, Presets.shades_classic)
  let started = false
  return {
    report(counts, share) {
      const payload = { rows: describe(counts) }
      if (!started) bar.start(STEPS, 0, payload)
      started = true
      bar.update(Math.floor((share ?? 0) * STEPS), payload)
    },
    stop() {
      if (started) bar.stop()
      started = false
    },
  }
}

function startLines(stream: NodeJS.WriteStream, describe: (counts: Counts) => string): RowProgress {
  let shownAt = performance.now()
  return {
    report(counts, share) {
      if (performance.now() - shownAt < LINE_MS) return
      shownAt = performance.now()
      const done = share === undefined ? '' : `${(100 * share).toFixed(1)} %, `
      stream.write(`${done}${describe(counts)}\n`)
    },
    stop() {},
  }
}
