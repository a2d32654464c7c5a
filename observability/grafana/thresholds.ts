import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard'

/** Values from which on another colour is shown; the first begins below all of them. */
export type Steps = readonly [
  first: { readonly color: string },
  ...rest: { readonly from: number; readonly color: string }[],
]

export const toThresholds = ([first, ...rest]: Steps) =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([
      { value: null, color: first.color },
      ...rest.map(({ from, color }) => ({ value: from, color })),
    ])

/** Good up to here. */
export const atMost = (goal: number): Steps => [{ color: 'green' }, { from: goal, color: 'red' }]

/** Good from here on. */
export const atLeast = (goal: number): Steps => [{ color: 'red' }, { from: goal, color: 'green' }]

/** Neither good nor bad. */
export const PLAIN: Steps = [{ color: 'text' }]
