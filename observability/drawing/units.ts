type Steps = readonly (readonly [factor: number, suffix: string])[]

const SHORT: Steps = [
  [1e9, ' Bil'],
  [1e6, ' Mil'],
  [1e3, ' K'],
  [1, ''],
]

const SCALES: Readonly<Record<string, Steps>> = {
  s: [
    [86_400, ' d'],
    [3600, ' h'],
    [60, ' min'],
    [1, ' s'],
    [1e-3, ' ms'],
    [1e-6, ' µs'],
  ],
  ms: [
    [1000, ' s'],
    [1, ' ms'],
  ],
  bytes: [
    [2 ** 30, ' GiB'],
    [2 ** 20, ' MiB'],
    [2 ** 10, ' KiB'],
    [1, ' B'],
  ],
  percentunit: [[0.01, '%']],
}

const SUFFIXES: Readonly<Record<string, string>> = { reqps: ' req/s', ops: ' ops/s', short: '' }

const suffixOf = (unit: string) => SUFFIXES[unit] ?? ` ${unit.replace('suffix:', '')}`

/** A value as Grafana writes it, with three digits or so many decimals. */
export function format(value: number, unit: string, decimals?: number): string {
  const scale = SCALES[unit]
  const steps = scale ?? SHORT
  const size = Math.abs(value)
  const step = steps.find(([factor]) => (size === 0 ? factor === 1 : size >= factor))
  const [factor, suffix] = step ?? steps.at(-1) ?? [1, '']
  const scaled = value / factor
  const digits =
    decimals === undefined ? String(Number(scaled.toPrecision(3))) : scaled.toFixed(decimals)
  return digits + suffix + (scale ? '' : suffixOf(unit))
}
