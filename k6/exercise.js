// Ramps up to 10 users in 30 s, holds for 7 minutes, ramps down for 3; DURATION scales all three.
const USERS = Number(__ENV.VUS || 10)
const SECONDS = Number(__ENV.DURATION || 630)
const share = (seconds) => `${Math.max(1, Math.round((SECONDS * seconds) / 630))}s`

/** Latency statistics in the summary. */
export const TREND_STATS = ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'max']

/** The load profile and the thresholds of the exercise. */
export const published = {
  stages: [
    { duration: share(30), target: USERS },
    { duration: share(420), target: USERS },
    { duration: share(180), target: 0 },
  ],
  thresholds: {
    http_req_duration: ['p(99)<2000'],
    http_req_failed: ['rate<0.001'],
    http_reqs: ['rate>=10'],
    checks: ['rate==1'],
  },
  summaryTrendStats: TREND_STATS,
}
