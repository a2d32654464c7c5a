import { Presets, SingleBar } from 'cli-progress'
import type { Report } from './hub.ts'

const STEPS = 10

/** Shows how far a file is: a bar on a terminal, at most ten plain lines elsewhere. */
export interface Progress {
  readonly report: Report
  stop(): void
}

/** Starts the progress of one file on standard error. */
export function startProgress(name: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? startBar(name, stream) : startLines(name, stream)
}

function startBar(name: string, stream: NodeJS.WriteStream): Progress {
  const format = `${name} {bar} {percentage} % of {total} bytes, {eta_formatted} left`
  const bar = new SingleBar({ format, stream }, Presets.shades_classic)
  let started = false
  return {
    report(bytes, total) {
      if (!started) bar.start(total, bytes)
      started = true
      bar.update(bytes)
    },
    stop() {
      bar.stop()
    },
  }
}

function startLines(name: string, stream: NodeJS.WriteStream): Progress {
  let shown = -1
  return {
    report(bytes, total) {
      const step = total === 0 ? STEPS : Math.floor((bytes / total) * STEPS)
      if (step > shown) stream.write(`${name}: ${bytes} of ${total} bytes\n`)
      shown = Math.max(shown, step)
    },
    stop() {},
  }
}
