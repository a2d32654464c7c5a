import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { toCurl, toPython, toTypeScript } from '../../app/web/snippets.js'

const HOSTILE = [
  `'; touch /nowhere; '`,
  '$(id) `id` $HOME !! \\ " % \\n \\u0041',
  '\u202egnorw\u202c \u2028 \u200b \u0007 \u{e0041}',
  'naïve 😀 هذا',
  '--data @/etc/passwd',
  '\ud800 alone',
]
const request = { texts: HOSTILE, origin: 'http://localhost:8000', keyed: false }
const asked = HOSTILE.map((text) => text.toWellFormed())

describe('the command for a shell', () => {
  /** The arguments that a shell hands to curl. */
  const argumentsOf = (command: string) => {
    const script = `curl() { for one in "$@"; do printf '%s\\0' "$one"; done; }\n${command}`
    const { stdout, stderr } = spawnSync('sh', ['-c', script], {
      encoding: 'utf8',
      env: { POLARITY_API_KEY: 'a key' },
    })
    expect(stderr).toBe('')
    return stdout.split('\0')
  }

  it('sends the very texts, whatever they hold', () => {
    const [, url, , type, , body = ''] = argumentsOf(toCurl(request))
    expect([url, type]).toEqual(['http://localhost:8000/predict', 'Content-Type: application/json'])
    expect(JSON.parse(body)).toEqual({ text: asked })
  })

  it('takes the key from the environment', () => {
    expect(argumentsOf(toCurl({ ...request, keyed: true }))).toContain('X-API-Key: a key')
  })
})

describe('the TypeScript', () => {
  it('sends the very texts, whatever they hold', async () => {
    const sent: unknown[] = []
    const fetch = async (url: string, { body }: { body: string }) => {
      sent.push(url, JSON.parse(body))
      return { json: async () => ({ predictions: [] }) }
    }
    const Code = Object.getPrototypeOf(async () => {}).constructor
    await new Code('fetch', 'console', toTypeScript(request))(fetch, { log() {} })
    expect(sent).toEqual(['http://localhost:8000/predict', { text: asked }])
  })
})

describe('the Python', () => {
  const hasPython = spawnSync('python3', ['--version']).status === 0
  it.skipIf(!hasPython)('sends the very texts, whatever they hold', () => {
    const fake = [
      'import json, sys, types',
      'requests = types.ModuleType("requests")',
      'class Answer:',
      '    def raise_for_status(self): pass',
      '    def json(self): return {"predictions": []}',
      'def post(url, json, timeout, headers=None):',
      '    sys.stderr.write(dumps([url, json]))',
      '    return Answer()',
      'dumps = json.dumps',
      'requests.post = post',
      'sys.modules["requests"] = requests',
    ].join('\n')
    const { stderr } = spawnSync('python3', ['-'], {
      input: `${fake}\n${toPython(request)}\n`,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PYTHONIOENCODING: 'utf8', PYTHONUTF8: '1' },
    })
    expect(JSON.parse(stderr)).toEqual(['http://localhost:8000/predict', { text: asked }])
  })
})

it.each([toCurl, toTypeScript, toPython])('hides nothing that turns or vanishes: %o', (write) => {
  expect(write(request)).not.toMatch(/[\p{Cf}\p{Zl}]/u)
})
