import { Presets, SingleBar } from 'cli-progress'
import type { Progress } from '../model/hub.ts'

const STEPS = 10

interface ProgressOptions {
  /** Unit of the counts. */
  readonly unit?: string
  readonly stream?: NodeJS.WriteStream
}

/** Shows progress on standard error: a bar on a terminal, at most eleven lines elsewhere. */
export function startProgress(name: string, options: ProgressOptions = {}): Progress {
  const { unit = 'bytes', stream = process.stderr } = options
  return stream.isTTY ? startBar(name, unit, stream) : startLines(name, unit, stream)
}

function startBar(name: string, unit: string, stream: NodeJS.WriteStream): Progress {
  const format = `${name} {bar} {percentage} % of {total} ${unit}, {eta_formatted} left`
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

function startLines(name: string, unit: string, stream: NodeJS.WriteStream): Progress {
  let shown = -1
  return {
    report(bytes, total) {
      const step = total === 0 ? STEPS : Math.floor((bytes / total) * STEPS)
      if (step > shown) stream.write(`${name}: ${bytes} of ${total} ${unit}\n`)
      shown = Math.max(shown, step)
    },
    stop() {},
  }
}
