// Ten times the users for half a minute: how much does latency rise, and how soon does it recover?
import { TREND_STATS } from './exercise.js'
import { predict } from './predict.js'
import { FIXED, newText, ownRandom } from './texts.js'

const USERS = Number(__ENV.VUS || 10)

export const options = {
  stages: [
    { duration: '30s', target: USERS },
    { duration: '1s', target: USERS * 10 },
    { duration: '30s', target: USERS * 10 },
    { duration: '1s', target: USERS },
    { duration: '30s', target: USERS },
  ],
  summaryTrendStats: TREND_STATS,
  thresholds: { http_req_duration: ['p(99)<2000'], http_req_failed: ['rate<0.001'] },
}

export default function () {
  const random = ownRandom()
  predict(random() < 0.95 ? FIXED : [newText(random)], [200, 429])
}
