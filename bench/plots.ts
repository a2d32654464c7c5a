import { join } from 'node:path'
import type { measureEntries } from './entries.ts'
import type { measureLengths } from './length.ts'
import { type Plot, writePlot } from './plot.ts'
import { type measureRequests, toPoint } from './requests.ts'

type Result<Measure extends (...args: never[]) => unknown> = Awaited<ReturnType<Measure>>

const slope = (name: string, exponent: number | undefined) =>
  `${name}, slope ${(exponent ?? Number.NaN).toFixed(2)}`

/** Texts per second by tokens in a text, and the share of the ceiling. */
export function plotLengths(folder: string, results: readonly Result<typeof measureLengths>[]) {
  for (const result of results) {
    const { model, workers, ceiling, runtimes } = result
    const name = `length-${model}-${workers}`
    const x = { name: 'tokens in a text', log: true }
    const what = `${model}, ${workers} worker${workers > 1 ? 's' : ''}`
    plot(folder, name, {
      title: `New texts per second by their length: ${what}`,
      x,
      y: { name: 'texts/s', log: true },
      lines: Object.fromEntries([
        ['ceiling', ceiling.map((at) => [at.tokens, at.texts_per_second.median])],
        ...runtimes.map(({ runtime, lengths, slope_of_texts_per_second }) => [
          slope(runtime, slope_of_texts_per_second),
          lengths.map((at) => [at.tokens, at.texts_per_second.median]),
        ]),
      ]),
    })
    plot(folder, `${name}-share`, {
      title: `Share of the ceiling by length: ${what}`,
      x,
      y: { name: 'share' },
      lines: Object.fromEntries(
        runtimes.map(({ runtime, lengths }) => [
          runtime,
          lengths.map((at) => [at.tokens, at.share_of_ceiling.median]),
        ]),
      ),
    })
  }
}

/** Texts per second and latency by what grows: texts in a request, or connections. */
export function plotRequests(folder: string, result: Result<typeof measureRequests>) {
  const slopes = new Map(Object.entries(result.slopes_of_texts_per_second))
  const byGrowing = Map.groupBy(result.results, ({ growing }) => growing)
  for (const [growing, all] of byGrowing) {
    const x = { name: growing.replaceAll('_', ' '), log: true }
    const lines = [...Map.groupBy(all, ({ runtime }) => runtime)]
    plot(folder, growing.replaceAll('_', '-'), {
      title: `New sentences per second by ${x.name}`,
      x,
      y: { name: 'texts/s' },
      lines: Object.fromEntries(
        lines.map(([runtime, line]) => [
          slope(runtime, slopes.get(`${growing} ${runtime}`)),
          line.map(toPoint),
        ]),
      ),
    })
    plot(folder, `${growing.replaceAll('_', '-')}-latency`, {
      title: `Latency of requests of new sentences by ${x.name}`,
      x,
      y: { name: 'milliseconds', log: true },
      lines: Object.fromEntries(
        lines.flatMap(([runtime, line]) => [
          [`${runtime}, p50`, line.map((at) => [toPoint(at)[0], at.p50_ms.median])],
          [`${runtime}, p99`, line.map((at) => [toPoint(at)[0], at.p99_ms.median])],
        ]),
      ),
    })
  }
}

/** Memory and speed by entries in the cache. */
export function plotEntries(folder: string, lines: Result<typeof measureEntries>) {
  const x = { name: 'entries in the cache', log: true }
  plot(folder, 'entries', {
    title: 'Remembered requests of three texts per second by the size of the cache',
    x,
    y: { name: 'requests/s' },
    lines: Object.fromEntries(
      lines.map(({ runtime, slope_of_requests_per_second, figures }) => [
        slope(runtime, slope_of_requests_per_second),
        figures.map((at) => [at.entries, at.requests_per_second]),
      ]),
    ),
  })
  plot(folder, 'entries-memory', {
    title: 'Resident memory by the size of the cache',
    x,
    y: { name: 'MB', log: true },
    lines: Object.fromEntries(
      lines.map(({ runtime, figures }) => [
        runtime,
        figures.map((at) => [at.entries, at.resident_megabytes]),
      ]),
    ),
  })
}

const plot = (folder: string, name: string, drawn: Plot) =>
  writePlot(join(folder, `${name}.svg`), drawn)
