// Hours of a calm, mixed load, for what only time shows: memory, connections, caches that fill up.
import { sleep } from 'k6'
import { predict } from './predict.js'
import { FIXED, newText, randomFrom } from './texts.js'

export const options = {
  vus: Number(__ENV.VUS || 10),
  duration: `${__ENV.DURATION || 7200}s`,
  thresholds: { http_req_duration: ['p(99)<2000'], http_req_failed: ['rate<0.001'] },
}

const random = randomFrom(Date.now())

export default function () {
  predict(random() < 0.8 ? FIXED : [newText(random), newText(random)])
  sleep(0.05)
}
