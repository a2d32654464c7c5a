// Open-loop load of cache misses, from low to far over capacity and back: the service must shed load
// with 429, keep answering what it admits, and recover.
import { TREND_STATS } from './exercise.js'
import { predict } from './predict.js'
import { newText, ownRandom } from './texts.js'

const PEAK = Number(__ENV.PEAK || 400)
const stage = (duration, share) => ({ duration, target: Math.round(PEAK * share) })

export const options = {
  scenarios: {
    stress: {
      executor: 'ramping-arrival-rate',
      startRate: Math.round(PEAK * 0.05),
      timeUnit: '1s',
      preAllocatedVUs: 200,
      maxVUs: 2000,
      stages: [
        stage('20s', 0.05),
        stage('60s', 1),
        stage('60s', 1),
        stage('20s', 0.05),
        stage('60s', 0.05),
      ],
    },
  },
  summaryTrendStats: TREND_STATS,
  thresholds: {
    // 429 (load shedding) is expected; anything else but 200 is a failure.
    http_req_failed: ['rate<0.001'],
    checks: ['rate>0.999'],
    shed: ['count>0'],
  },
}

export default function () {
  const random = ownRandom()
  predict(
    Array.from({ length: 10 }, () => newText(random)),
    [200, 429],
  )
}
