import { join } from 'node:path'
import type { measureEntries } from './entries.ts'
import type { measureLengths } from './length.ts'
import { type Plot, writePlot } from './plot.ts'
import type { measureRequests } from './requests.ts'
import { slopeOf } from './statistics.ts'
import type { measureThroughput } from './throughput.ts'

type Result<Measure extends (...args: never[]) => unknown> = Awaited<ReturnType<Measure>>
type Points = readonly (readonly [x: number, y: number])[]

/** A line labelled with its slope (see `slopeOf`). */
const line = (name: string, points: Points) =>
  [`${name}, slope ${slopeOf(points).toFixed(2)}`, points] as const

const plot = (folder: string, name: string, drawn: Plot) =>
  writePlot(join(folder, `${name}.svg`), drawn)

/**
 * Texts per second, share of the ceiling and memory by tokens per text, for each model and number
 * of workers.
 */
export function plotLengths(folder: string, results: readonly Result<typeof measureLengths>[]) {
  for (const { model, workers, ceiling, runtimes } of results) {
    const name = `length-${model}-${workers}`
    const x = { name: 'tokens in a text', log: true }
    const what = `${model}, ${workers} worker${workers > 1 ? 's' : ''}`
    type At = (typeof runtimes)[number]['lengths'][number]
    const pointsOf = (lengths: readonly At[], figure: Exclude<keyof At, 'tokens'>): Points =>
      lengths.map((at) => [at.tokens, at[figure].median])

    plot(folder, name, {
      title: `Cache misses, texts per second by length: ${what}`,
      x,
      y: { name: 'texts/s', log: true },
      lines: Object.fromEntries([
        line(
          'ceiling',
          ceiling.map((at) => [at.tokens, at.texts_per_second.median]),
        ),
        ...runtimes.map((at) => line(at.runtime, pointsOf(at.lengths, 'texts_per_second'))),
      ]),
    })
    plot(folder, `${name}-share`, {
      title: `Share of the ceiling by length: ${what}`,
      x,
      y: { name: 'share' },
      lines: Object.fromEntries(
        runtimes.map((at) => [at.runtime, pointsOf(at.lengths, 'share_of_ceiling')]),
      ),
    })
    plot(folder, `${name}-memory`, {
      title: `Resident memory by length: ${what}`,
      x,
      y: { name: 'MB' },
      lines: Object.fromEntries(
        runtimes.map((at) => line(at.runtime, pointsOf(at.lengths, 'resident_megabytes'))),
      ),
    })
  }
}

/** Texts per second, memory and latency by texts per request, and by connections. */
export function plotRequests(folder: string, { results }: Result<typeof measureRequests>) {
  type At = (typeof results)[number]
  type Figure = 'texts_per_second' | 'resident_megabytes' | 'p50_ms' | 'p99_ms'
  const pointsOf = (list: readonly At[], figure: Figure): Points =>
    list.map((at) => [
      at.growing === 'connections' ? at.connections : at.textsPerRequest,
      at[figure].median,
    ])

  for (const [growing, all] of Map.groupBy(results, (at) => at.growing)) {
    const x = { name: growing.replaceAll('_', ' '), log: true }
    const name = growing.replaceAll('_', '-')
    const byRuntime = [...Map.groupBy(all, ({ runtime }) => runtime)]
    const linesOf = (figure: Figure) =>
      Object.fromEntries(byRuntime.map(([runtime, list]) => line(runtime, pointsOf(list, figure))))

    plot(folder, name, {
      title: `Cache misses, sentences per second by ${x.name}`,
      x,
      y: { name: 'texts/s' },
      lines: linesOf('texts_per_second'),
    })
    plot(folder, `${name}-memory`, {
      title: `Resident memory by ${x.name}`,
      x,
      y: { name: 'MB' },
      lines: linesOf('resident_megabytes'),
    })
    plot(folder, `${name}-latency`, {
      title: `Cache misses, latency by ${x.name}`,
      x,
      y: { name: 'milliseconds', log: true },
      lines: Object.fromEntries(
        byRuntime.flatMap(([runtime, list]) => [
          [`${runtime}, p50`, pointsOf(list, 'p50_ms')],
          [`${runtime}, p99`, pointsOf(list, 'p99_ms')],
        ]),
      ),
    })
  }
}

/** Texts per second and memory by workers, for each model. */
export function plotWorkers(folder: string, results: readonly Result<typeof measureThroughput>[]) {
  for (const [model, settings] of Map.groupBy(results, (at) => at.model)) {
    const x = { name: 'workers' }
    const runtimes = settings[0]?.runtimes.map(({ runtime }) => runtime) ?? []
    const linesOf = (figure: 'texts_per_second' | 'resident_megabytes') =>
      runtimes.map((runtime, i) =>
        line(
          runtime,
          settings.map((at) => [at.workers, at.runtimes[i]?.[figure].median ?? Number.NaN]),
        ),
      )
    plot(folder, `workers-${model}`, {
      title: `Cache misses, sentences per second by workers: ${model}`,
      x,
      y: { name: 'texts/s' },
      lines: Object.fromEntries([
        line(
          'ceiling',
          settings.map((at) => [at.workers, at.ceiling_texts_per_second.median]),
        ),
        ...linesOf('texts_per_second'),
      ]),
    })
    plot(folder, `workers-${model}-memory`, {
      title: `Resident memory by workers: ${model}`,
      x,
      y: { name: 'MB' },
      lines: Object.fromEntries(linesOf('resident_megabytes')),
    })
  }
}

/** Throughput and memory by entries in the cache. */
export function plotEntries(folder: string, lines: Result<typeof measureEntries>) {
  const x = { name: 'entries in the cache', log: true }
  const linesOf = (figure: 'requests_per_second' | 'resident_megabytes') =>
    Object.fromEntries(
      lines.map(({ runtime, figures }) =>
        line(
          runtime,
          figures.map((at) => [at.entries, at[figure]]),
        ),
      ),
    )
  plot(folder, 'entries', {
    title: 'Cache hits, requests of three texts per second by entries in the cache',
    x,
    y: { name: 'requests/s' },
    lines: linesOf('requests_per_second'),
  })
  plot(folder, 'entries-memory', {
    title: 'Resident memory by entries in the cache',
    x,
    y: { name: 'MB', log: true },
    lines: linesOf('resident_megabytes'),
  })
}
