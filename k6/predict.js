import { check } from 'k6'
import http from 'k6/http'
import { Counter, Rate, Trend } from 'k6/metrics'

const BASE_URL = __ENV.BASE_URL || 'http://localhost:8000'

const hits = new Rate('cache_hits')
const hitMs = new Trend('hit_duration', true)
const missMs = new Trend('miss_duration', true)
const shed = new Counter('shed')

/**
 * Sends texts to /predict as the exercise does, without a Content-Type; records hits and misses
 * separately.
 */
export function predict(text, allowed = [200]) {
  const response = http.post(`${BASE_URL}/predict`, JSON.stringify({ text }), {
    // Overrides k6's default; an empty header is not sent.
    headers: { 'Content-Type': '' },
    responseCallback: http.expectedStatuses(...allowed),
    tags: { name: 'predict' },
  })
  if (response.status === 429) {
    shed.add(1)
    check(response, { 'has Retry-After': (r) => Number(r.headers['Retry-After']) > 0 })
    return response
  }
  check(response, {
    'is 200': (r) => r.status === 200,
    'has a prediction for each text': (r) => r.status === 200 && sizeOf(r) === text.length,
  })
  const hit = response.headers['X-Cache'] === 'HIT'
  hits.add(hit)
  const trend = hit ? hitMs : missMs
  trend.add(response.timings.duration)
  return response
}

const sizeOf = (response) => response.json('predictions.#')
