import { describe, expect, it } from 'vitest'
import { CONFIG_NAMES } from '../app/config.ts'
import { nearMisses } from '../app/near-miss.ts'

describe('a name that nothing reads', () => {
  it.each([
    ['MAX_TEXT', 'MAX_TEXTS'],
    ['WORKER', 'WORKERS'],
    ['PROT', 'PORT'],
    ['workers', 'WORKERS'],
    ['REDIS_URI', 'REDIS_URL'],
    ['API_KEY', 'API_KEYS'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['MAX_QUEUE_TOKEN', 'MAX_QUEUE_TOKENS'],
    ['REQEST_TIMEOUT_SECOND', 'REQUEST_TIMEOUT_SECONDS'],
  ])('is told from the one that is meant: %s', (variable, meant) => {
    expect(nearMisses([variable])).toEqual([{ variable, meant }])
  })

  it('is no matter where it is another’s', () => {
    expect(nearMisses(FOREIGN)).toEqual([])
  })

  it('is none of the names that are read', () => {
    expect(nearMisses(CONFIG_NAMES)).toEqual([])
  })
})

const ofService = (name: string) => [
  `${name}_SERVICE_HOST`,
  `${name}_SERVICE_PORT`,
  `${name}_SERVICE_PORT_HTTP`,
  `${name}_PORT`,
  `${name}_PORT_8000_TCP`,
  `${name}_PORT_8000_TCP_ADDR`,
  `${name}_PORT_8000_TCP_PORT`,
  `${name}_PORT_8000_TCP_PROTO`,
]

/** What shells, containers, Kubernetes, npm, clouds and other programs set. */
const FOREIGN = [
  ...['POLARITY', 'REDIS', 'KUBERNETES', 'MODEL', 'WORKERS', 'API', 'CACHE'].flatMap(ofService),
  ...['PATH', 'HOME', 'HOSTNAME', 'HOSTTYPE', 'USER', 'PWD', 'OLDPWD', 'SHELL', 'SHLVL', 'TERM'],
  ...[
    'LANG',
    'LC_ALL',
    'TZ',
    'TMPDIR',
    'MAIL',
    'EDITOR',
    'PAGER',
    'DISPLAY',
    'LOGNAME',
    '_',
    'PS1',
  ],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'CI'],
  ...['NODE_ENV', 'NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'BUN_INSTALL', 'NO_COLOR'],
  ...['INIT_CWD', 'npm_config_cache', 'npm_lifecycle_event', 'npm_package_version', 'npm_execpath'],
  ...['PORTAL', 'PORTS_OPEN', 'MODE', 'POST', 'HOSTS_FILE', 'MODEL_PATH', 'MODEL_NAME', 'LOG_FILE'],
  ...['REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD', 'REDIS_DB', 'REDIS_TLS', 'DATABASE_URL'],
  ...['APP_KEY', 'APP_ENV', 'API_URL', 'API_TOKEN', 'API_HOST', 'CACHE_URL', 'CACHE_TTL', 'SECRET'],
  ...['OTEL_SERVICE_NAME', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  ...['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_TIMEOUT', 'OTEL_TRACES_SAMPLER'],
  ...['OTEL_RESOURCE_ATTRIBUTES', 'OTEL_LOG_LEVEL', 'HF_TOKEN', 'HF_ENDPOINT', 'HF_HUB_OFFLINE'],
  ...['AWS_REGION', 'AZURE_CLIENT_ID', 'GOOGLE_CLOUD_PROJECT', 'K_SERVICE', 'K_REVISION', 'DYNO'],
  ...[
    'WEBSITE_HOSTNAME',
    'WEBSITES_PORT',
    'WEB_CONCURRENCY',
    'OMP_NUM_THREADS',
    'MALLOC_ARENA_MAX',
  ],
]
