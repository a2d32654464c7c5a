import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }
import { type Program, run } from './program.ts'
import { startService } from './service.ts'

interface Check {
  /** What the program does, as the end of a sentence. */
  readonly name: string
  /** Whether it is among those that every `npm test` makes. */
  readonly isQuick?: boolean
  /** Throws if it does not. */
  readonly run: (program: Program) => Promise<void>
}

/** Runs it; it must succeed, and have nothing to complain about. */
async function output(program: Program, args: readonly string[], input = ''): Promise<string> {
  const { stdout, stderr, code } = await run(program, args, input)
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  return stdout
}

/** What a newcomer would try with the package, from an empty folder. */
export const CHECKS: readonly Check[] = [
  {
    name: 'says its version',
    run: async (program) =>
      assert.equal(await output(program, ['--version']), `${manifest.version}\n`),
  },
  {
    name: 'says what texts are',
    isQuick: true,
    run: async (program) =>
      assert.match(
        await output(program, ['I love it', 'I hate it']),
        /^POSITIVE 0\.9\d\d\nNEGATIVE 0\.9\d\d\n$/,
      ),
  },
  {
    name: 'classifies the rows of a file, with a report',
    isQuick: true,
    async run(program) {
      await writeFile(join(program.folder, 'in.csv'), 'id,review\n1,I love it\n2,I hate it\n')
      const options = ['--column', 'review', '--out', 'out.csv', '--report', 'report.html']
      const { code, stderr } = await run(program, ['classify', 'in.csv', ...options])
      assert.equal(code, 0, stderr)
      assert.match(
        await readFile(join(program.folder, 'out.csv'), 'utf8'),
        /^id,review,label,score,truncated,error\n1,I love it,POSITIVE,0\.9\d+,,\n2,I hate it,NEGATIVE,/,
      )
      const report = await readFile(join(program.folder, 'report.html'), 'utf8')
      assert.match(report, /<style>[^<]{1000,}<\/style>/)
    },
  },
  {
    name: 'filters lines',
    isQuick: true,
    async run(program) {
      const { stdout, code } = await run(program, ['classify'], 'I love it\n')
      assert.equal(code, 0)
      assert.match(stdout, /^POSITIVE\t0\.9\d+\tI love it\n$/)
    },
  },
  {
    name: 'verifies its model',
    run: async (program) =>
      assert.match(await output(program, ['check']), /^self-test: 8 texts, scores differ by/m),
  },
  {
    name: 'measures its model',
    run: async (program) => assert.match(await output(program, ['eval', '--checks']), /428/),
  },
  {
    name: 'makes a key',
    async run(program) {
      const { stdout, code } = await run(program, ['key', 'ada', '--file', 'keys'])
      assert.equal(code, 0)
      assert.ok((await readFile(join(program.folder, 'keys'), 'utf8')).startsWith('ada '))
      assert.match(stdout, /^ada [0-9a-f]{64}$/m)
    },
  },
  {
    name: 'completes commands in a shell',
    isQuick: true,
    async run(program) {
      assert.match(await output(program, ['completion']), /complete .* polarity/)
      const words = ['--get-yargs-completions', 'polarity', 'cla']
      assert.match(await output(program, words), /^classify$/m)
    },
  },
  {
    name: 'refuses what makes no sense, in one line',
    isQuick: true,
    async run(program) {
      for (const [args, exit] of [
        [['classify', '--fast'], 2],
        [['classify', 'none.csv'], 1],
        [['check', 'nobody'], 1],
        [['pull', 'sst2-minilm'], 2],
      ] as const) {
        const { stdout, stderr, code } = await run(program, args)
        assert.deepEqual([code, stdout, stderr.trim().split('\n').length], [exit, '', 1], stderr)
      }
    },
  },
  { name: 'serves, and asks what is served', isQuick: true, run: checkService },
]

async function checkService(program: Program): Promise<void> {
  const service = await startService(program)
  try {
    const body = JSON.stringify({ text: ['I love it'] })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${service.url}/predict`, { method: 'POST', headers, body })
    assert.match(await response.text(), /"label": ?"POSITIVE"/)
    for (const page of ['/', '/docs', '/model', '/web/swagger-ui-bundle.js']) {
      assert.equal((await fetch(service.url + page)).status, 200, page)
    }
    assert.match(await output(program, ['info', service.url]), /"version": "\d/)
  } finally {
    await service.stop()
  }
}
