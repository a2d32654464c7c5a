import { Counter, Gauge, type Registry } from 'prom-client'
import { KeyRequests } from './key-requests.ts'

/** API keys, and who uses them: each name in the settings has a series, what callers send has none. */
export function keyMetrics(registers: Registry[]) {
  const keyTexts = new Counter({
    name: 'polarity_key_texts_total',
    help: 'Texts answered, by name of the API key; without a name where keys are off.',
    labelNames: ['key'],
    registers,
  })
  keyTexts.inc({ key: '' }, 0)
  return {
    keyTexts,
    keyRequests: new KeyRequests(registers),
    apiKeys: new Gauge({
      name: 'polarity_api_keys',
      help: 'API keys that callers may use.',
      registers,
    }),
    apiKeyReloadFailures: new Counter({
      name: 'polarity_api_key_reload_failures_total',
      help: 'Looks at API_KEYS_FILE that found it missing or wrong: the last good keys stay.',
      registers,
    }),
  }
}
