// Smoke test: a few hits and misses.
import { predict } from './predict.js'
import { FIXED, newText, ownRandom } from './texts.js'

export const options = {
  vus: 2,
  iterations: 40,
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'], cache_hits: ['rate>0.3'] },
}

export default function () {
  const random = ownRandom()
  predict(FIXED)
  predict([newText(random), newText(random)])
}
