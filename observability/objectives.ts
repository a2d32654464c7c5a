/** What `POST /predict` promises over 30 days. Tests hold the rules, the alerts and the dashboards to it. */
export const OBJECTIVES = {
  /** Share of the requests that end without a 5xx, and the rest: the error budget. */
  available: 0.999,
  failed: 0.001,
  /** Share of the answers that take `seconds` at most. */
  fast: 0.99,
  seconds: 0.25,
} as const

/** How many times faster than evenly the error budgets are spent where an alert fires. */
export const BURN_RATES = { ticket: 3, page: 14.4 } as const

/** Above these an alert fires, and a panel changes its colour. */
export const BOUNDS = {
  /** Share of the queue's limit. */
  queue: 0.8,
  /** Share of the periods of the CPU limit. */
  throttled: 0.25,
  eventLoopLagSeconds: 0.1,
  /** Of a score from that stored with the model. */
  selfTestDifference: 0.04,
} as const
