// Hours of moderate, mixed load, for leaks of memory or connections and for full caches.
import { sleep } from 'k6'
import { TREND_STATS } from './exercise.js'
import { predict } from './predict.js'
import { FIXED, newText, ownRandom } from './texts.js'

export const options = {
  vus: Number(__ENV.VUS || 10),
  duration: `${__ENV.DURATION || 7200}s`,
  summaryTrendStats: TREND_STATS,
  thresholds: { http_req_duration: ['p(99)<2000'], http_req_failed: ['rate<0.001'] },
}

export default function () {
  const random = ownRandom()
  predict(random() < 0.8 ? FIXED : [newText(random), newText(random)])
  sleep(0.05)
}
