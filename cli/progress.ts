import { Presets, SingleBar } from 'cli-progress'
import type { Progress } from '../model/hub.ts'

const STEPS = 10

interface ProgressOptions {
  /** Of what is counted. */
  readonly unit?: string
  readonly stream?: NodeJS.WriteStream
}

/** Shows on standard error how far a piece of long work is: a bar on a terminal, at most ten lines elsewhere. */
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
